package org.relayfs.tool.cli;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An orderly, time-limited end for a command that receives SIGINT, SIGTERM or SIGHUP.
public final class StopSignal {
    private static final int PATIENCE_S = 10;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private volatile Runnable action = () -> {};

    private StopSignal() {}

    /// Work that runs until it is done or is told to stop.
    public interface Work {
        int run(StopSignal stop) throws IOException, ToolException, InterruptedException;
    }

    /// The exit code is that of the work, even after a signal.
    public static int run(Work work) throws IOException, ToolException, InterruptedException {
        return new StopSignal().guard(work, true);
    }

    /// The exit code after a signal is the usual one: 128 plus its number.
    public static int runAsOthersDo(Work work) throws IOException, ToolException, InterruptedException {
        return new StopSignal().guard(work, false);
    }

    private int guard(Work work, boolean ownCode) throws IOException, ToolException, InterruptedException {
        Thread hook = new Thread(() -> onShutdown(ownCode), "relayfs-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            int code = work.run(this);
            endUnlessStopped(hook, code);
            return code;
        } catch (ToolException e) {
            complainIfStopped(hook, e);
            throw e;
        } catch (IOException e) {
            complainIfStopped(hook, Complaint.of(e));
            throw e;
        } catch (RuntimeException | Error e) {
            result.complete(ExitCode.SYSTEM);
            throw e;
        }
    }

    private void complainIfStopped(Thread hook, ToolException e) throws InterruptedException {
        if (isRequested()) {
            System.err.println("relayfs: " + e.getMessage());
        }
        endUnlessStopped(hook, e.exitCode());
    }

    /// Once the JVM shuts down, the hook has the last word.
    private void endUnlessStopped(Thread hook, int code) throws InterruptedException {
        result.complete(code);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            TimeUnit.SECONDS.sleep(2 * PATIENCE_S);
        }
    }

    private void onShutdown(boolean ownCode) {
        requested.countDown();
        action.run();
        try {
            int code = result.get(PATIENCE_S, TimeUnit.SECONDS);
            System.out.flush();
            System.err.flush();
            if (ownCode) {
                Runtime.getRuntime().halt(code);
            }
        } catch (TimeoutException e) {
            System.err.println("relayfs: no end in " + PATIENCE_S + " s, given up");
        } catch (InterruptedException | ExecutionException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The action to run, in another thread, when the signal comes; whoever sets it looks afterwards whether it has
    /// come.
    public void onRequest(Runnable wanted) {
        action = wanted;
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /// Returns early, with true, when the signal comes.
    public boolean await(long timeoutMs) throws InterruptedException {
        return requested.await(timeoutMs, TimeUnit.MILLISECONDS);
    }
}
