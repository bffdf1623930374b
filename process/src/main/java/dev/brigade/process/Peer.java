package dev.brigade.process;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/** Who is at the other end of a connection. */
final class Peer {
  private Peer() {}

  /** Whether the other end belongs to the user that owns the folder; true where one can't know. */
  static boolean owns(Path folder, SocketChannel channel) throws IOException {
    if (!channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) return true;
    String peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    return Files.getOwner(folder).getName().equals(peer);
  }
}
