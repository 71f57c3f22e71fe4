using System.Diagnostics;
using System.Globalization;
using LocalHost.Launch;

namespace LocalHost.Tests.Launch;

[Trait("Speed", "slow")]
public sealed class CheckoutLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_launcher_is_told_which_process_holds_the_folder()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using (await CheckoutLock.TakeAsync(_folder, cancellationToken))
        {
            var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => CheckoutLock.TakeAsync(_folder, cancellationToken));
            Assert.Equal($"A host is already running here (process {Environment.ProcessId}): stop it or use another checkout.", fault.Message);
        }

        using var again = await CheckoutLock.TakeAsync(_folder, cancellationToken);
    }

    [Fact]
    public async Task A_launcher_waits_for_the_end_of_what_an_earlier_one_left()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var child = ChildProcess.Start("leftover", "node", ["-e", "process.stdin.resume()"], _folder);
        using (var first = await CheckoutLock.TakeAsync(_folder, cancellationToken))
            first.Note("leftover", child.ProcessId);

        var second = CheckoutLock.TakeAsync(_folder, cancellationToken);
        Assert.False(second.IsCompleted);
        child.Kill();
        using var taken = await second.WaitAsync(TimeSpan.FromSeconds(15), cancellationToken);
        await child.Ended.WaitAsync(TimeSpan.FromSeconds(15), cancellationToken);
    }

    [Fact]
    public async Task A_process_that_only_has_the_id_of_an_ended_child_holds_nothing_up()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var self = Process.GetCurrentProcess();
        var hourEarlier = (self.StartTime.ToUniversalTime() - TimeSpan.FromHours(1)).Ticks.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(_folder, "children"), $"Azurite {self.Id} {hourEarlier}\n", cancellationToken);

        using var taken = await CheckoutLock.TakeAsync(_folder, cancellationToken).WaitAsync(TimeSpan.FromSeconds(15), cancellationToken);
    }
}
