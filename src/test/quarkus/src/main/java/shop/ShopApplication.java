package shop;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jboss.logging.Logger;

@QuarkusMain
public class ShopApplication implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(ShopApplication.class);

    @Override
    public int run(String... args) {
        LOG.infof("the %s is open at %d", "shop", 8);
        LOG.warn("out of milk");
        return 0;
    }
}
