package program;

import java.util.logging.Level;
import java.util.logging.Logger;

public final class Main {
    public static void main(String[] args) {
        Logger.getLogger("shop").log(Level.INFO, "from {0}", Main.class.getModule().getName());
    }
}
