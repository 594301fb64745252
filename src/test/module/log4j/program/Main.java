package program;

import org.apache.logging.log4j.LogManager;

public final class Main {
    public static void main(String[] args) {
        LogManager.getLogger("shop").info("from {}", Main.class.getModule().getName());
    }
}
