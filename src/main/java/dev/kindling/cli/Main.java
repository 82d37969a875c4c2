package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.Version;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs a command line. Only this class decides exit codes: 0, 1 for a failure, 2 for a wrong command line. */
@Command(
        name = "./submit.sh",
        synopsisSubcommandLabel = "COMMAND",
        customSynopsis = "./submit.sh [spark-submit options] COMMAND [options]",
        header = "Kindling: a neural network written from scratch in Java, trained as an Apache Spark job.%n",
        description = "%nspark-submit options, such as --master local[2] or --conf key=value, come before the command."
                + " Without --master, the master is that of conf/spark-defaults.conf, or local[*].%n",
        footer = {
            "",
            "Examples:",
            "  ./submit.sh train",
            "  ./submit.sh train --config conf/classic.properties --model models/classic",
            "  ./submit.sh --master local[2] train --layers 784,128,64,10 --model models/wide",
            "  ./submit.sh tune --learning-rates 0.05,0.1,0.2,0.4 --save-best models/best",
            "  ./submit.sh evaluate --output target/evaluation"
        },
        subcommands = {
            TrainCommand.class,
            TuneCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            DescribeCommand.class,
            SamplesCommand.class,
            WeightsCommand.class,
            ExplainCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            HistoryCommand.class
        },
        versionProvider = Main.VersionLine.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT)
public final class Main {
    private static final int FAILURE = 1;

    /** Set by submit.sh to look at a command line and do nothing: at its options, or also at its paths. */
    private static final String CHECK = "kindling.check";

    private static volatile boolean finished;
    private static volatile boolean interrupted;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace too when something goes wrong.")
    private boolean verbose;

    private Main() {}

    /**
     * Runs a command and ends the JVM.
     *
     * @param arguments a command and its options; none prints the help
     * @throws KindlingException in YARN's application master, if it failed
     */
    public static void main(String[] arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            interrupted = !finished;
            if (interrupted) {
                System.err.println("kindling: interrupted");
            }
        }));
        System.setProperty("java.awt.headless", "true"); // pictures need no screen
        int exitCode = FAILURE;
        try {
            String check = System.getProperty(CHECK);
            exitCode = check == null ? run(arguments) : check(check.equals("paths"), arguments);
        } catch (OutOfMemoryError e) {
            System.err.println("kindling: " + Memory.explain(e, true).getMessage());
        } catch (LinkageError e) {
            System.err.println(
                    "kindling: " + e + ": expected Spark 4 and target/lib on the class path: start with ./submit.sh");
        }
        if (!interrupted) {
            finished = true;
            end(exitCode);
        }
    }

    /** In deploy mode cluster of YARN the application master runs the driver, and takes every exit for a failure, with 0 too. */
    private static void end(int exitCode) {
        boolean inMaster = "yarn".equals(System.getProperty("spark.master"))
                && "cluster".equals(System.getProperty("spark.submit.deployMode"));
        if (!inMaster) {
            System.exit(exitCode);
        }
        if (exitCode != CommandLine.ExitCode.OK) {
            throw new KindlingException(
                    "exit code " + exitCode + ": the reason is in the stderr of the driver's container");
        }
    }

    /** Runs a command line, which prints to stdout and stderr, and returns its exit code. */
    static int run(String... arguments) {
        return execute(new CommandLine.RunLast(), arguments);
    }

    /**
     * Refuses a command line that is wrong, without Spark, as {@link #run} would.
     *
     * @param paths whether paths without a scheme are those of this machine, so that they are looked at too
     */
    static int check(boolean paths, String... arguments) {
        return execute(parsed -> check(paths, parsed), arguments);
    }

    private static int check(boolean paths, ParseResult parsed) {
        CommandLine command =
                parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
        if (command.getCommand() instanceof Checked checked) {
            try {
                checked.checkOptions();
                if (paths) {
                    checked.checkPaths();
                }
            } catch (KindlingException e) {
                throw new ExecutionException(command, e.getMessage(), e);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private static int execute(IExecutionStrategy strategy, String... arguments) {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main)
                .setExecutionStrategy(strategy)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::explain)
                .setExecutionExceptionHandler((error, command, parsed) -> main.report(error));
        try {
            setDefaults(commandLine, arguments);
        } catch (KindlingException e) {
            return main.report(e);
        }
        if (arguments.length == 0) {
            commandLine.usage(System.out);
            return CommandLine.ExitCode.OK;
        }
        return commandLine.execute(arguments);
    }

    /** Options that are not given come from a recipe, for the commands that train. */
    private static void setDefaults(CommandLine commandLine, String... arguments) {
        Map<String, Map<String, String>> defaults = Map.of("train", Map.of(), "tune", TuneCommand.DEFAULTS);
        Stream.of(arguments).filter(defaults::containsKey).findFirst().ifPresent(name -> {
            CommandLine command = commandLine.getSubcommands().get(name);
            command.setDefaultValueProvider(ConfigFile.named(command.getCommandSpec(), defaults.get(name), arguments));
        });
    }

    private static int explain(ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        System.err.println("kindling: " + firstLine(error.getMessage()) + expected(error));
        if (!UnmatchedArgumentException.printSuggestions(error, command.getErr())) {
            System.err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return CommandLine.ExitCode.USAGE;
    }

    /** In place of a command that there is not: those that there are. */
    private static String expected(ParameterException error) {
        CommandLine command = error.getCommandLine();
        boolean isCommand = error instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption();
        return isCommand && !command.getSubcommands().isEmpty()
                ? ", expected a command: "
                        + String.join(", ", command.getSubcommands().keySet())
                : "";
    }

    private int report(Exception error) {
        if (interrupted) {
            return FAILURE;
        }
        Optional<KindlingException> known = KindlingException.in(error);
        Optional<String> missing = missingClass(error);
        if (known.isPresent()) {
            System.err.println("kindling: " + message(known.get()));
        } else if (missing.isPresent()) {
            System.err.println("kindling: " + firstLine(missing.get())
                    + ": give the jars that have it with --jars before the command; for S3 see docs/cluster.md");
        } else {
            System.err.println("kindling: " + error.getClass().getSimpleName() + ": "
                    + firstLine(String.valueOf(error.getMessage())) + (verbose ? "" : " (--verbose shows where)"));
        }
        if (verbose) {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace));
            System.err.print(trace); // as a string: traces that print themselves are Spark's by now
        }
        return FAILURE;
    }

    /** What is said of a class that is not there: of a file system, for example, whose jars Spark does not bring. */
    private static Optional<String> missingClass(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                .filter(ClassNotFoundException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst();
    }

    /** Prints a line of a command that goes on, or of the library. */
    static void warn(String line) {
        System.err.println("kindling: " + line);
    }

    /** The message of an error, with the names of options for settings. */
    static String message(KindlingException error) {
        return error.message(name -> "--" + name);
    }

    /** What {@code --version} prints. */
    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Kindling " + Version.kindling()};
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
