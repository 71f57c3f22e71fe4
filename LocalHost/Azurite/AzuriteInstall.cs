using System.ComponentModel;
using System.Diagnostics;

namespace LocalHost.Azurite;

/// <summary>Installs Azurite from its lock file where it is not installed yet.</summary>
internal static class AzuriteInstall
{
    internal const string NodeIsMissing =
        "Node.js is needed to run Azurite and was not found: install Node.js 20 or newer, or set AzureWebJobsStorage to a storage account's connection string.";

    /// <summary>The folder with <c>azurite.cjs</c> and <c>node_modules</c>.</summary>
    /// <param name="checkout">The checkout to look in; null for the one that this program was built in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Node is missing, or the install failed; the message says what to do.</exception>
    public static async Task<string> EnsureAsync(string? checkout, CancellationToken cancellationToken)
    {
        var folder = Folder(checkout ?? AppContext.BaseDirectory);
        var installed = Path.Combine(folder, "node_modules", ".installed");
        if (File.Exists(installed))
            return folder;

        // Any number of processes may find it missing at once: one installs, the others wait for its lock.
        await using var turn = await WaitForTurnAsync(Path.Combine(folder, ".install-lock"), cancellationToken);
        if (File.Exists(installed))
            return folder;
        var (exitCode, said) = await RunNpmAsync(folder, cancellationToken);
        if (exitCode != 0)
            throw new InvalidOperationException($"Expected 'npm ci' to install Azurite in {folder}; it ended with {exitCode}: {said}");
        await File.WriteAllTextAsync(installed, "", cancellationToken);
        return folder;
    }

    private static string Folder(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "LocalHost", "Azurite");
            if (File.Exists(Path.Combine(candidate, "azurite.cjs")))
                return candidate;
        }

        throw new InvalidOperationException(
            $"Expected LocalHost/Azurite/azurite.cjs in {start} or a folder above it: LocalHost runs from a checkout.");
    }

    private static async Task<FileStream> WaitForTurnAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private static async Task<(int ExitCode, string Said)> RunNpmAsync(string folder, CancellationToken cancellationToken)
    {
        // npm is a script on Windows, which a process can only start through the shell.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", "/c npm ci --ignore-scripts --no-audit --no-fund")
            : new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund");
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using var npm = Process.Start(start)!;
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = npm.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await npm.WaitForExitAsync(cancellationToken);
                return (npm.ExitCode, $"{await output}{await error}".Trim());
            }
            catch (OperationCanceledException)
            {
                // Whoever has the turn next must not find one that still writes.
                npm.Kill(entireProcessTree: true);
                await npm.WaitForExitAsync(CancellationToken.None);
                throw;
            }
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException(NodeIsMissing);
        }
    }
}
