package org.relayfs.clients;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A program that copies a relay file in the ways that the JDK offers: one a line of standard input, by its name. It
/// answers how many bytes there were, or what went wrong.
final class JavaCopies {
    private JavaCopies() {}

    /// @param args the file, where to copy it to
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Path copy = Path.of(args[1]);
        BufferedReader calls = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("ready");
        for (String call = calls.readLine(); call != null; call = calls.readLine()) {
            try {
                System.out.println(call + ": " + copy(call, file, copy));
            } catch (IOException e) {
                System.out.println(call + ": " + e.getMessage());
            }
        }
    }

    private static long copy(String call, Path file, Path copy) throws IOException {
        return switch (call) {
            case "FileInputStream.read" -> read(file);
            case "FileChannel.read" -> readChannel(file);
            case "Files.readAllBytes" -> Files.readAllBytes(file).length;
            case "Files.copy" -> {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                yield Files.size(copy);
            }
            case "FileInputStream.readAllBytes" -> {
                try (InputStream in = new FileInputStream(file.toFile())) {
                    yield in.readAllBytes().length;
                }
            }
            case "FileInputStream.transferTo" -> {
                try (InputStream in = new FileInputStream(file.toFile());
                        OutputStream out = new FileOutputStream(copy.toFile())) {
                    yield in.transferTo(out);
                }
            }
            case "FileChannel.transferTo" -> {
                try (FileChannel in = FileChannel.open(file);
                        FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    yield in.transferTo(0, 1 << 20, out);
                }
            }
            default -> throw new IllegalArgumentException(call);
        };
    }

    private static long read(Path file) throws IOException {
        byte[] bytes = new byte[4096];
        long sum = 0;
        try (InputStream in = new FileInputStream(file.toFile())) {
            for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
                sum += length;
            }
        }
        return sum;
    }

    private static long readChannel(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        long sum = 0;
        try (FileChannel in = FileChannel.open(file)) {
            for (int length = in.read(bytes); length > 0; length = in.read(bytes.clear())) {
                sum += length;
            }
        }
        return sum;
    }
}
