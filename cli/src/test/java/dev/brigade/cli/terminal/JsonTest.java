package dev.brigade.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void writesEveryKindOfValue() {
    var value =
        Json.object(
            "s", "a\"b\\c\n\t\u0001\u00e9", "i", 1, "l", 2L, "d", 0.5, "b", true, "n", null);
    value.put("list", List.of(1, Map.of("deep", List.of())));
    assertEquals(
        "{\"s\":\"a\\\"b\\\\c\\n\\t\\u0001\u00e9\",\"i\":1,\"l\":2,\"d\":0.5,\"b\":true,\"n\":null,"
            + "\"list\":[1,{\"deep\":[]}]}",
        Json.write(value));
  }

  @Test
  void whatIsWrittenReadsBackTheSame() {
    var value = Json.object("text", "\"\\\u0000\uD83D\uDE00\uD800", "number", 1.5e-9, "none", null);
    assertEquals(value, JsonReader.read(Json.write(value)));
  }

  @Test
  void numbersThatJsonHasNotBecomeNull() {
    assertEquals("[null,null]", Json.write(List.of(Double.NaN, Double.POSITIVE_INFINITY)));
  }

  @Test
  void otherClassesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[1,]x", "{\"a\":1,\"a\":2}", "nul", "01", "\"\n\"", "[1 2]", "1 1"})
  void readerOfTheTestsIsStrict(String text) {
    assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text));
  }
}
