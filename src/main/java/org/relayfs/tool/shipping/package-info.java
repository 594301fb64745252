/// `relayfs ship`. Not exported. Only [org.relayfs.tool.shipping.ShipCommand] is loaded without the jars of Kafka.
package org.relayfs.tool.shipping;
