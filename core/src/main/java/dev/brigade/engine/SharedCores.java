package dev.brigade.engine;

/** Holds the shared cores engine, so that it starts only when first used. */
final class SharedCores {
  static final Engine ENGINE =
      new SharedEngine(new PoolEngine("cores", Runtime.getRuntime().availableProcessors(), 256));

  private SharedCores() {}
}
