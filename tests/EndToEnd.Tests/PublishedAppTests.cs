using System.Diagnostics;
using Testing;

namespace EndToEnd.Tests;

/// <summary>What <c>dotnet publish</c> writes is the app that runs.</summary>
[Trait("Speed", "slow")]
public class PublishedAppTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_app_has_what_a_host_looks_for_and_runs()
    {
        var folder = Directory.CreateTempSubdirectory("published-");
        try
        {
            string[] arguments = ["publish", Path.Combine(LocalSystem.Repository(), "Orchestrations"), "-o", folder.FullName, "-v", "quiet", "-nodeReuse:false"];
            var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
            // What the test runner's own build put there would change this one.
            foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
                start.Environment.Remove(name);
            using var publish = Process.Start(start)!;
            var said = await publish.StandardOutput.ReadToEndAsync(Token);
            await publish.WaitForExitAsync(Token);
            Assert.True(publish.ExitCode == 0, said);
            foreach (var file in (string[])["worker.config.json", "functions.metadata", "extensions.json", "host.json"])
                Assert.True(File.Exists(Path.Combine(folder.FullName, file)), $"Expected {file} in what was published.");
            Assert.False(File.Exists(Path.Combine(folder.FullName, "local.settings.json")), "Settings of a machine of one's own are not published.");

            await using var system = await LocalSystem.StartAsync(workers: 0, app: folder.FullName);
            Assert.Equal("""{"runs":[]}""", await system.Client.GetStringAsync("api/runs", Token));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
