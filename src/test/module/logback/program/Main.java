package program;

import org.slf4j.LoggerFactory;

public final class Main {
    public static void main(String[] args) {
        LoggerFactory.getLogger("shop").info("from {}", Main.class.getModule().getName());
    }
}
