package dev.brigade.cli.primes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentSizeTest {

  @TempDir Path caches;

  @ParameterizedTest
  @CsvSource({
    "1024K, 524288",
    "512K, 262144",
    "1280K, 524288",
    "2M, 524288",
    "128K, 131072",
    "262144, 131072"
  })
  void isHalfOfTheSecondLevelCacheWithinBounds(String size, int expected) throws IOException {
    describe("index0", "1", "48K");
    describe("index1", "2", size);
    describe("index2", "3", "32M");
    assertEquals(expected, SegmentSize.detect(caches));
  }

  @Test
  void isTheDefaultWhereCachesAreUnknown() throws IOException {
    assertEquals(SegmentSize.DEFAULT_BYTES, SegmentSize.detect(caches.resolve("absent")));
    describe("index0", "2", "much");
    assertEquals(SegmentSize.DEFAULT_BYTES, SegmentSize.detect(caches));
  }

  private void describe(String index, String level, String size) throws IOException {
    Path cache = Files.createDirectory(caches.resolve(index));
    Files.writeString(cache.resolve("level"), level + "\n");
    Files.writeString(cache.resolve("size"), size + "\n");
  }
}
