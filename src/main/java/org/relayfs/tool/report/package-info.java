/// `relayfs report` and `relayfs export`: what events say, in one order. Not exported.
package org.relayfs.tool.report;
