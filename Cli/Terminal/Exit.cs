namespace Cli.Terminal;

/// <summary>Exit codes of every command.</summary>
internal static class Exit
{
    public const int Done = 0;

    /// <summary>The run failed or was canceled, the host refused the request, or a check found something.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the plan or a file is wrong: nothing was begun.</summary>
    public const int Refused = 2;

    /// <summary>No host answers, or it does not take the key.</summary>
    public const int NoHost = 3;

    /// <summary>Ctrl-C, or a request to end.</summary>
    public const int Interrupted = 130;
}
