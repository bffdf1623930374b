package dev.brigade.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.VoidFn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WayTest {
  /** Counts the runs of each item, and how many ran at once. */
  private static class Counted implements Workload {
    final Map<Integer, Integer> runs = new ConcurrentHashMap<>();
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger peak = new AtomicInteger();

    @Override
    public String kind() {
      return "counted";
    }

    @Override
    public String what() {
      return "counting";
    }

    @Override
    public int size() {
      return 20;
    }

    @Override
    public int limit() {
      return 3;
    }

    @Override
    public void run(int item) throws InterruptedException {
      peak.accumulateAndGet(inside.incrementAndGet(), Math::max);
      runs.merge(item, 1, Integer::sum);
      inside.decrementAndGet();
    }

    @Override
    public Demand demand(double seconds, double computed) {
      return Demand.COMPUTING;
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROCESSES")
  void everyItemRunsOnceAndNotMoreAtOnceThanSaid(Way way) throws Exception {
    var work = new Counted();
    way.run(work);
    Map<Integer, Integer> once =
        IntStream.range(0, 20).boxed().collect(Collectors.toMap(item -> item, item -> 1));
    assertEquals(once, work.runs);
    assertTrue(work.peak.get() <= way.atOnce(work), way + " ran " + work.peak + " at once");
  }

  @ParameterizedTest
  @EnumSource(names = {"THREADS", "VIRTUAL"})
  void asManyRunAtOnceAsTheLimitAllows(Way way) throws Exception {
    var three = new CountDownLatch(3);
    var work =
        new Counted() {
          @Override
          public void run(int item) throws InterruptedException {
            three.countDown();
            three.await();
          }
        };
    way.run(work);
    assertEquals(0, three.getCount());
  }

  @Test
  void processesRunWhatCanTravel(@TempDir Path folder) throws Exception {
    String name = folder.toString();
    var work =
        new Counted() {
          @Override
          public VoidFn<Integer, ?> travelling() {
            return item -> {
              long pid = ProcessHandle.current().pid();
              Path unused = Files.createFile(Path.of(name, item + " " + pid));
            };
          }
        };
    Way.PROCESSES.run(work);
    String own = " " + ProcessHandle.current().pid();
    try (Stream<Path> files = Files.list(folder)) {
      List<String> ran = files.map(f -> f.getFileName().toString()).toList();
      assertEquals(20, ran.stream().map(f -> f.split(" ")[0]).distinct().count());
      assertEquals(20, ran.size());
      assertTrue(ran.stream().noneMatch(f -> f.endsWith(own)), ran + own);
    }
    assertTrue(Way.of(work).contains(Way.PROCESSES));
    assertFalse(Way.of(new Counted()).contains(Way.PROCESSES));
  }

  @Test
  void sequentialIsOneAtATime() {
    assertEquals(1, Way.SEQUENTIAL.atOnce(new Counted()));
  }
}
