package dev.brigade.process.memory;

/**
 * Where other processes of the same user find shared memory.
 *
 * @param pid whose it is
 * @param fd its descriptor there, or -1 if it has a name
 * @param device with {@code inode}, what the descriptor must still stand for; 0 where unknown
 * @param inode see {@code device}
 * @param bytes its size, which never changes
 * @param use which use of the memory is meant, if it is used several times, else 0
 * @param path its name, or empty if it has none
 */
public record Address(
    long pid, int fd, long device, long inode, long bytes, long use, String path) {}
