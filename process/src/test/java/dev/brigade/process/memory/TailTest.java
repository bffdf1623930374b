package dev.brigade.process.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TailTest {
  @Test
  void whoUsesItAnewAndWhoMapsItExcludeEachOther() throws Exception {
    int rounds = 20_000;
    UnlinkedFile file = UnlinkedFile.create(Tail.BYTES);
    try (var channel =
        FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      assertEquals(Tail.BYTES, channel.write(ByteBuffer.allocate(Tail.BYTES)));
      Tail owner = Tail.map(channel, Tail.BYTES);
      Tail other = Tail.map(channel, Tail.BYTES);
      owner.use(1);
      // Which use the data is of: changed by the owner only when nobody has it.
      var content = new AtomicLong(1);
      var told = new AtomicLong(1);
      var wrong = new AtomicReference<String>();
      var entered = new AtomicLong();
      var again = new AtomicLong();
      Thread user =
          Thread.ofPlatform()
              .start(() -> {
                // As long as it takes until both have had their way often enough.
                for (int i = 0; i < rounds || entered.get() < 100 || again.get() < 100; i++) {
                  long use = told.get();
                  if (!other.enter(use)) continue;
                  entered.incrementAndGet();
                  for (int look = 0; look < 5; look++)
                    if (content.get() != use) wrong.set(use + " saw " + content.get());
                  other.exit();
                }
              });
      long use = 1;
      while (user.isAlive()) {
        // The other one gets a chance to enter.
        long before = entered.get();
        for (int spin = 0; spin < 200 && entered.get() == before; spin++) Thread.onSpinWait();
        use++;
        owner.use(use);
        if (!owner.isUsed()) {
          content.set(use);
          again.incrementAndGet();
          told.set(use);
        } else {
          // It is given up in earnest; here the next one has the content as it is.
          while (owner.isUsed()) Thread.onSpinWait();
          content.set(use);
          told.set(use);
        }
      }
      user.join();
      assertNull(wrong.get());
      assertTrue(again.get() > 0, "never used again");
      assertTrue(entered.get() > 0, "never entered");
      other.close();
      owner.close();
    }
    file.close();
  }
}
