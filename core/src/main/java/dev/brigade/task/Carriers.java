package dev.brigade.task;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;

/** What the JDK tells of the carriers of virtual threads, where its management module is there. */
final class Carriers {
  private static final @Nullable Carriers OF_THIS_JVM = find();

  private final VirtualThreadSchedulerMXBean bean;

  private Carriers(VirtualThreadSchedulerMXBean bean) {
    this.bean = bean;
  }

  private static @Nullable Carriers find() {
    try {
      var bean = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
      return bean == null ? null : new Carriers(bean);
    } catch (LinkageError | RuntimeException e) {
      return null;
    }
  }

  /** Whether more virtual threads have a carrier than these; true if nobody can tell. */
  static boolean hold(int moreThan) {
    Carriers c = OF_THIS_JVM;
    return c == null || c.bean.getMountedVirtualThreadCount() > moreThan;
  }

  /** How many virtual threads could run and have no carrier, as a remark; empty if none has to. */
  static String queue() {
    Carriers c = OF_THIS_JVM;
    long queued = c == null ? 0 : c.bean.getQueuedVirtualThreadCount();
    return queued <= 0 ? "" : "; " + queued + " virtual threads wait for a carrier";
  }
}
