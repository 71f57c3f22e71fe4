using LocalHost.Launch;

namespace LocalHost.Tests.Launch;

[Trait("Speed", "slow")]
public sealed class ChildProcessTests : IDisposable
{
    private const string EndsWithItsInput =
        "process.stdin.resume(); process.stdin.on('end', () => { console.log('input ended'); process.exitCode = 7; }); console.log(process.env.GIVEN)";

    private readonly string _folder = Directory.CreateTempSubdirectory("child-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Closing_its_input_ends_a_child_and_its_log_holds_all_it_wrote()
    {
        var child = ChildProcess.Start("child", "node", ["-e", EndsWithItsInput], _folder, new Dictionary<string, string> { ["GIVEN"] = "a setting" });
        await child.DisposeAsync();

        Assert.Equal(7, await child.Ended);
        Assert.Equal(["a setting", "input ended"], await File.ReadAllLinesAsync(Path.Combine(_folder, "child.log"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_child_that_ends_by_itself_leaves_its_exit_code_and_its_last_fifteen_lines()
    {
        await using var child = ChildProcess.Start("child", "node", ["-e", "for (let i = 1; i <= 20; i++) console.log(i); process.exitCode = 3"], _folder);

        Assert.Equal(3, await child.Ended.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(6, 15).Select(line => $"{line}"), child.Tail());
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => ChildProcess.Start("worker", "no-such-program", [], _folder));
        Assert.Contains("worker did not start: no-such-program cannot be run", fault.Message, StringComparison.Ordinal);
    }
}
