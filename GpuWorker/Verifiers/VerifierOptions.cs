namespace GpuWorker.Verifiers;

/// <summary>One verifier that the operator registered: configuration section <c>Worker:Verifiers:{name}</c>.</summary>
internal sealed record VerifierOptions
{
    /// <summary>Absolute path of the program; it is started as it is, without a shell and without a PATH.</summary>
    public string Executable { get; set; } = "";

    /// <summary>Its fixed arguments; a plan cannot add any.</summary>
    public List<string> Arguments { get; set; } = [];

    /// <summary>Longest time for one completion. Default 10.</summary>
    public double WallSeconds { get; set; } = 10;

    /// <summary>Longest processor time of each of its processes. Default 10.</summary>
    public int CpuSeconds { get; set; } = 10;

    /// <summary>Largest address space of each of its processes, in MiB. Default 1024; runtimes that reserve much, such as Node.js, need more.</summary>
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>Most processes and threads at a time, where the platform can count a verifier's own. Default 64.</summary>
    public int Processes { get; set; } = 64;

    /// <summary>Refuses to start if the verifier cannot be cut off from the network. Default false: the startup line says what is isolated.</summary>
    public bool RequireIsolation { get; set; }

    /// <summary>What is wrong, one sentence per setting.</summary>
    public IEnumerable<string> Faults(string name) => Faults(name, VerifierSandbox.Here.Isolation);

    /// <summary>What is wrong on a machine with that isolation.</summary>
    public IEnumerable<string> Faults(string name, VerifierIsolation isolation)
    {
        var at = $"Worker:Verifiers:{name}";
        if (name.Length is 0 or > 40 || name.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-'))
            yield return $"{at} must have a name of 1 to 40 lower-case letters, digits and hyphens.";
        if (!Path.IsPathFullyQualified(Executable) || !File.Exists(Executable))
            yield return $"{at}:Executable must be the absolute path of a file, found '{Executable}'.";
        else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Executable) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0)
            yield return $"{at}:Executable must be executable, and {Executable} is not: chmod +x it.";
        if (WallSeconds is not (> 0 and <= 600))
            yield return FormattableString.Invariant($"{at}:WallSeconds must be above 0 and at most 600, found {WallSeconds}.");
        if (CpuSeconds is < 1 or > 600)
            yield return FormattableString.Invariant($"{at}:CpuSeconds must be from 1 to 600, found {CpuSeconds}.");
        if (MemoryMegabytes is < 16 or > 1_000_000)
            yield return FormattableString.Invariant($"{at}:MemoryMegabytes must be from 16 to 1000000, found {MemoryMegabytes}.");
        if (Processes is < 1 or > 10_000)
            yield return FormattableString.Invariant($"{at}:Processes must be from 1 to 10000, found {Processes}.");
        if (RequireIsolation && isolation == VerifierIsolation.None)
            yield return $"{at}:RequireIsolation is set, but this machine does not let a worker isolate a child from the network (unshare): allow user namespaces, or leave it out.";
    }
}
