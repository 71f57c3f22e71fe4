using System.Net;
using Testing;

namespace Orchestrations.Tests.Hosting;

/// <summary>A key opens and is not written down.</summary>
[Trait("Speed", "slow")]
public sealed class KeyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_key_is_logged_however_it_is_shown_and_however_much_is_logged()
    {
        await using var system = await LocalSystem.StartAsync(workers: 0, settings: new Dictionary<string, string>
        {
            ["AzureFunctionsJobHost__logging__logLevel__Default"] = "Trace",
            ["AzureFunctionsJobHost__logging__logLevel__Microsoft"] = "Trace",
            ["AzureFunctionsJobHost__logging__logLevel__Yarp"] = "Trace",
            ["AzureFunctionsJobHost__logging__logLevel__Function"] = "Trace",
            ["AzureFunctionsJobHost__logging__logLevel__Host.Triggers.DurableTask"] = "Trace",
        });
        var keys = await system.KeysAsync();
        using var http = new HttpClient { BaseAddress = system.Client.BaseAddress };

        foreach (var path in (string[])["api/runs", "api/runs/none", "api/nowhere", "runtime/webhooks/durabletask/instances/none"])
        {
            foreach (var shown in (string[])[LocalSystem.Key, keys.Durable, keys.Master, LocalSystem.Key + "x"])
            {
                using var byQuery = await http.GetAsync($"{path}?code={shown}", Cancelled);
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "x-functions-key", shown } } };
                using var byHeader = await http.SendAsync(request, Cancelled);
                Assert.Equal(byQuery.StatusCode, byHeader.StatusCode);
                if (path == "api/runs")
                {
                    Assert.Equal(
                        shown == LocalSystem.Key || shown == keys.Master ? HttpStatusCode.OK : shown == keys.Durable ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized,
                        byHeader.StatusCode);
                }
            }
        }

        var lines = system.Lines("host");
        Assert.Contains(lines, line => line.Contains("dbug: ", StringComparison.Ordinal));
        foreach (var key in (string[])[LocalSystem.Key, keys.Durable, keys.Master])
            Assert.DoesNotContain(lines, line => line.Contains(key, StringComparison.Ordinal));
    }
}
