package dev.brigade.cli.compare;

import java.util.List;

/** The user's own work: an item may fail, and the comparison goes on. */
public interface OwnWork extends Workload {

  /** One line for each item that failed in any run. */
  List<String> failures();
}
