package dev.brigade.process.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker is told first, over its standard input, which only the two processes have.
 *
 * @param folder the private folder of its start, or empty
 * @param page where the status page is
 * @param lanes how many it has
 * @param parent the process that started it
 * @param filter a pattern for what may be read, or empty
 * @param pipes the numbers of the pipes' ends in the parent, two for each lane and two for the
 *     control connection; empty if it must connect to the socket in the folder
 * @param token to be shown there
 */
public record Greeting(
    String folder,
    String page,
    int lanes,
    long parent,
    String filter,
    List<Integer> pipes,
    byte[] token) {
  /** How long a token is. */
  public static final int TOKEN_BYTES = 32;

  private static final int MOST_BYTES = 1 << 20;

  /** Writes it. */
  public void write(OutputStream to) throws IOException {
    var out = new Output();
    out.putInt(0);
    out.putText(folder);
    out.putText(page);
    out.putVarLong(lanes);
    out.putLong(parent);
    out.putText(filter);
    out.putVarLong(pipes.size());
    for (int n : pipes) out.putVarLong(n);
    out.putBytes(token);
    out.setInt(0, out.size() - 4);
    to.write(out.array(), 0, out.size());
    to.flush();
  }

  private static byte[] bytes(InputStream from, int count) throws IOException {
    byte[] bytes = new byte[count];
    int read = from.readNBytes(bytes, 0, count);
    if (read < count)
      throw new EOFException("a greeting of " + read + " bytes instead of " + count);
    return bytes;
  }

  /** Reads it. */
  public static Greeting read(InputStream from) throws IOException {
    byte[] head = bytes(from, 4);
    int size = new Input(head).getInt();
    if (size < 0 || size > MOST_BYTES) throw new IOException("a greeting of " + size + " bytes");
    var in = new Input(bytes(from, size));
    String folder = in.getText();
    String page = in.getText();
    int lanes = (int) in.getVarLong();
    long parent = in.getLong();
    String filter = in.getText();
    int count = in.getCount();
    List<Integer> pipes = new ArrayList<>();
    for (int i = 0; i < count; i++) pipes.add((int) in.getVarLong());
    return new Greeting(folder, page, lanes, parent, filter, pipes, in.getBytes(TOKEN_BYTES));
  }
}
