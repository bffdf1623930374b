package dev.brigade.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of one test that knows only pinned threads. */
final class PinRecording {
  private static final String PINNED = "jdk.VirtualThreadPinned";
  private final Recording recording = new Recording();

  /** Starts to look. */
  PinRecording() {
    recording.enable(PINNED).withStackTrace().withThreshold(Duration.ZERO);
    recording.start();
  }

  /** Ends, and tells of each virtual thread that was pinned for so long. */
  List<String> end(long atLeastMillis) throws IOException {
    Path file = Files.createTempFile("brigade-pins", ".jfr");
    try (recording) {
      recording.stop();
      recording.dump(file);
      List<String> pins = new ArrayList<>();
      for (RecordedEvent e : RecordingFile.readAllEvents(file))
        if (e.getEventType().getName().equals(PINNED)
            && e.getDuration().toMillis() >= atLeastMillis) pins.add(text(e));
      return pins;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String text(RecordedEvent e) {
    var text = new StringBuilder();
    text.append(e.getThread() == null ? "a thread" : "thread #" + e.getThread().getJavaThreadId());
    text.append(", ").append(e.getDuration().toMillis()).append(" ms");
    if (e.getStackTrace() == null) return text.toString();
    for (RecordedFrame f : e.getStackTrace().getFrames())
      text.append("\n    at ")
          .append(f.getMethod().getType().getName())
          .append('.')
          .append(f.getMethod().getName())
          .append(':')
          .append(f.getLineNumber());
    return text.toString();
  }
}
