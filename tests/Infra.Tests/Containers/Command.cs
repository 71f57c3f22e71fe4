using System.ComponentModel;
using System.Diagnostics;

namespace Infra.Tests.Containers;

/// <summary>A command of the system, run to its end.</summary>
internal static class Command
{
    /// <summary>Whether there is such a program on the path.</summary>
    public static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    public static async Task<(int Code, string Said)> RunAsync(string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(Start(program, arguments, folder))!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, $"{await output}{await error}");
        }
        catch (Win32Exception fault)
        {
            return (-1, fault.Message);
        }
    }

    /// <summary>As <see cref="RunAsync"/>, where only success will do.</summary>
    public static async Task<string> MustAsync(string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var (code, said) = await RunAsync(program, arguments, folder, cancellationToken);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {said}");
        return said.Trim();
    }

    public static ProcessStartInfo Start(string program, IEnumerable<string> arguments, string folder) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
}
