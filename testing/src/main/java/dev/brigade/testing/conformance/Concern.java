package dev.brigade.testing.conformance;

import java.util.ArrayList;
import java.util.List;

/** Collects the clauses of one part of the contract. */
final class Concern {
  private final String name;
  private final List<Clause> clauses = new ArrayList<>();

  Concern(String name) {
    this.name = name;
  }

  Concern clause(String sentence, Clause.Check check, Need... needs) {
    clauses.add(new Clause(name, sentence, List.of(needs), check));
    return this;
  }

  List<Clause> clauses() {
    return List.copyOf(clauses);
  }
}
