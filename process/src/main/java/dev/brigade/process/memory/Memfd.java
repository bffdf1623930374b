package dev.brigade.process.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * Anonymous memory of the Linux kernel: it never has a name, is not bounded by the size of a file
 * system, and its size can be sealed. Needs native access; without it there is {@link
 * UnlinkedFile}.
 */
final class Memfd implements Holder {
  private static final int CLOSE_ON_EXEC = 1;
  private static final int ALLOW_SEALING = 2;
  private static final int ADD_SEALS = 1033;
  private static final int SEAL_SEAL_SHRINK_GROW = 1 | 2 | 4;
  private static final int EINTR = 4;

  /** A signal undoes one call of fallocate, so that one call should not take long. */
  private static final long STEP = 256L << 20;

  private final int fd;

  private Memfd(int fd) {
    this.fd = fd;
  }

  /** Whether this process may call the kernel without being warned or refused. */
  static boolean allowed() {
    return Memfd.class.getModule().isNativeAccessEnabled()
        && "Linux".equals(System.getProperty("os.name"));
  }

  static Memfd create() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Kernel.STATE);
      MemorySegment name = arena.allocateFrom("brigade");
      int fd;
      do {
        fd = (int) Kernel.CREATE.invokeExact(errno, name, CLOSE_ON_EXEC | ALLOW_SEALING);
      } while (fd < 0 && Kernel.errno(errno) == EINTR);
      if (fd < 0) throw new IOException("memfd_create failed with error " + Kernel.errno(errno));
      return new Memfd(fd);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new LinkageError("memfd_create", impossible);
    }
  }

  /** Gives it so many bytes, all of them really there, and zero. */
  void allocate(long bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Kernel.STATE);
      for (long at = 0; at < bytes; ) {
        long step = Math.min(STEP, bytes - at);
        int result = (int) Kernel.ALLOCATE.invokeExact(errno, fd, 0, at, step);
        if (result == 0) at += step;
        else if (Kernel.errno(errno) != EINTR)
          throw new IOException(
              "no room for " + bytes + " bytes of shared memory: error " + Kernel.errno(errno));
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new LinkageError("fallocate", impossible);
    }
  }

  @Override
  public int fd() {
    return fd;
  }

  @Override
  public Path path() {
    return Descriptors.own(fd);
  }

  @Override
  public void seal() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Kernel.STATE);
      // A kernel that refuses leaves it as safe as a file is.
      int _ = (int) Kernel.CONTROL.invokeExact(errno, fd, ADD_SEALS, SEAL_SEAL_SHRINK_GROW);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new LinkageError("fcntl", impossible);
    }
  }

  @Override
  public void close() {
    try {
      int _ = (int) Kernel.CLOSE.invokeExact(fd);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new LinkageError("close", impossible);
    }
  }

  /** Apart, so that only those who need it pay for the linking: some 30 ms once. */
  private static final class Kernel {
    static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    static final MethodHandle CREATE =
        link("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), captures());
    static final MethodHandle ALLOCATE =
        link(
            "fallocate",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
            captures());
    static final MethodHandle CONTROL =
        link(
            "fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            captures(),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static Linker.Option captures() {
      return Linker.Option.captureCallState("errno");
    }

    @SuppressWarnings("restricted") // only where it was allowed
    private static MethodHandle link(
        String name, FunctionDescriptor shape, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
    }

    static int errno(MemorySegment state) {
      return (int) ERRNO.get(state, 0L);
    }
  }
}
