package dev.kindling.cli;

import java.util.List;
import java.util.stream.Stream;

/** What goes wrong in the soak. */
enum SoakFault {
    AN_EXECUTOR_STANDS_STILL,
    A_WORKER_AND_ITS_EXECUTOR_STAND_STILL,
    THE_DRIVER_STANDS_STILL,
    THE_NETWORK_IS_SLOW,
    THE_DISK_OF_THE_EVENT_LOG_IS_FULL,
    THE_FOLDER_OF_THE_EVENT_LOG_IS_LOCKED,
    AN_EXECUTOR_IS_KILLED,
    A_WORKER_IS_KILLED_AND_ANOTHER_STARTS,
    THE_DRIVER_IS_KILLED,
    THE_DRIVER_IS_INTERRUPTED,
    THE_DISK_OF_THE_CHECKPOINTS_IS_FULL;

    /** Has it happen; when this returns, the run goes on, or has been resumed. */
    void happen(SoakRun run) throws Exception {
        switch (this) {
            case AN_EXECUTOR_STANDS_STILL -> run.stopExecutor();
            case A_WORKER_AND_ITS_EXECUTOR_STAND_STILL -> run.stopWorker();
            case THE_DRIVER_STANDS_STILL -> run.stopDriver();
            case THE_NETWORK_IS_SLOW -> run.slowNetwork();
            case THE_DISK_OF_THE_EVENT_LOG_IS_FULL -> run.fillEventLog();
            case THE_FOLDER_OF_THE_EVENT_LOG_IS_LOCKED -> run.lockEventLog();
            case AN_EXECUTOR_IS_KILLED -> run.killExecutor();
            case A_WORKER_IS_KILLED_AND_ANOTHER_STARTS -> run.killWorker();
            case THE_DRIVER_IS_KILLED -> run.killDriver();
            case THE_DRIVER_IS_INTERRUPTED -> run.interruptDriver();
            case THE_DISK_OF_THE_CHECKPOINTS_IS_FULL -> run.fillCheckpoints();
        }
    }

    /** Those that all processes outlive, of those that this machine allows. */
    static List<SoakFault> thatNoProcessEndsOf(SoakSite site) {
        return Stream.of(values())
                .filter(fault -> fault.compareTo(AN_EXECUTOR_IS_KILLED) < 0 && fault.isAllowedAt(site))
                .toList();
    }

    /** The others. */
    static List<SoakFault> thatAProcessEndsOf(SoakSite site) {
        return Stream.of(values())
                .filter(fault -> fault.compareTo(AN_EXECUTOR_IS_KILLED) >= 0 && fault.isAllowedAt(site))
                .toList();
    }

    private boolean isAllowedAt(SoakSite site) {
        return switch (this) {
            case THE_NETWORK_IS_SLOW -> site.network.canBeSlow();
            case THE_DISK_OF_THE_EVENT_LOG_IS_FULL, THE_DISK_OF_THE_CHECKPOINTS_IS_FULL -> site.models.isMounted();
            case THE_FOLDER_OF_THE_EVENT_LOG_IS_LOCKED -> site.events.canBeLocked();
            default -> true;
        };
    }
}
