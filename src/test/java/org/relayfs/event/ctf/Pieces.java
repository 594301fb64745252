package org.relayfs.event.ctf;

/// Bytes that come in pieces, as those of a channel do: after each piece there is nothing for once.
final class Pieces implements ByteSource {
    private final byte[] bytes;
    private final int size;
    private int position;
    private boolean isPause;

    Pieces(byte[] bytes, int size) {
        this.bytes = bytes;
        this.size = size;
    }

    static Pieces whole(byte[] bytes) {
        return new Pieces(bytes, Integer.MAX_VALUE);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (position == bytes.length) {
            return END;
        }
        isPause = !isPause && size != Integer.MAX_VALUE;
        if (isPause) {
            return 0;
        }
        int count = Math.min(size, Math.min(length, bytes.length - position));
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
    }
}
