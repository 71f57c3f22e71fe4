using System.Diagnostics;
using System.Globalization;

namespace LocalHost.Launch;

/// <summary>Keeps a folder of local data to one launcher at a time, and knows the processes that an earlier one left.</summary>
internal sealed class CheckoutLock : IDisposable
{
    private static readonly TimeSpan LeftoverLimit = TimeSpan.FromSeconds(20);

    private readonly FileStream _held;
    private readonly string _children;

    private CheckoutLock(FileStream held, string children) => (_held, _children) = (held, children);

    /// <summary>Takes the folder, and waits for the end of what a killed launcher left running.</summary>
    /// <exception cref="InvalidOperationException">Another launcher holds the folder, or a leftover does not end; the message names the process.</exception>
    public static async Task<CheckoutLock> TakeAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        // The holder's id is in a file of its own: nobody else can read the one that is held.
        var holder = Path.Combine(folder, "lock.pid");
        FileStream held;
        try
        {
            held = new(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            var process = File.Exists(holder) ? await File.ReadAllTextAsync(holder, cancellationToken) : "unknown";
            throw new InvalidOperationException($"A host is already running here (process {process}): stop it or use another checkout.");
        }

        try
        {
            await File.WriteAllTextAsync(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancellationToken);
            var children = Path.Combine(folder, "children");
            foreach (var line in File.Exists(children) ? await File.ReadAllLinesAsync(children, cancellationToken) : [])
                await WaitForEndAsync(line.Split(' '), cancellationToken);
            await File.WriteAllTextAsync(children, "", cancellationToken);
            return new(held, children);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Notes a child, so that the next launcher does not start over the same data while it lives.</summary>
    public void Note(string name, int processId)
    {
        using var process = Find(processId);
        if (process is not null)
            File.AppendAllText(_children, FormattableString.Invariant($"{name} {processId} {process.StartTime.ToUniversalTime().Ticks}\n"));
    }

    public void Dispose() => _held.Dispose();

    private static async Task WaitForEndAsync(string[] child, CancellationToken cancellationToken)
    {
        if (child is not [var name, var id, var started])
            return;

        using var process = Find(int.Parse(id, CultureInfo.InvariantCulture));
        // The id may have gone to another process since.
        var drift = process is null ? 0 : process.StartTime.ToUniversalTime().Ticks - long.Parse(started, CultureInfo.InvariantCulture);
        if (process is null || Math.Abs(drift) > TimeSpan.TicksPerSecond * 2)
            return;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LeftoverLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{name} of an earlier start still runs (process {id}): end it, then start again.");
        }
    }

    private static Process? Find(int processId)
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
