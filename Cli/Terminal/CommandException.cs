namespace Cli.Terminal;

/// <summary>Ends a command with a message for the person and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    /// <summary>The command line, a plan or a file is wrong.</summary>
    public static CommandException Refused(string message) => new(Exit.Refused, message);

    /// <summary>What was asked for did not come about.</summary>
    public static CommandException Failed(string message) => new(Exit.Failed, message);

    /// <summary>No host answers.</summary>
    public static CommandException NoHost(string message) => new(Exit.NoHost, message);
}
