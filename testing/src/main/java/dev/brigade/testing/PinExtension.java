package dev.brigade.testing;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Records during each test which virtual threads are pinned. */
final class PinExtension implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(PinExtension.class);

  PinExtension() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(OURS).put("recording", new PinRecording());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    PinRecording recording = context.getStore(OURS).remove("recording", PinRecording.class);
    if (recording == null) return;
    List<String> pins = recording.end(atLeastMillis(context));
    if (!pins.isEmpty())
      throw new AssertionError(
          "virtual threads blocked while they were pinned:\n" + String.join("\n", pins));
  }

  private static long atLeastMillis(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), PinChecked.class)
        .or(() ->
            AnnotationSupport.findAnnotation(context.getRequiredTestClass(), PinChecked.class))
        .map(PinChecked::atLeastMillis)
        .orElse(20L);
  }
}
