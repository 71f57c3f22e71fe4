using System.Net;

namespace Orchestrations.Tests.Hosting;

/// <summary>A key opens and is not written down.</summary>
public sealed class KeyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_key_is_logged_however_it_is_shown_and_however_much_is_logged()
    {
        const string Key = "a-key-that-only-this-test-has";
        await using var app = await AppHost.StartAsync(
            null,
            $"LocalHost:FunctionKey={Key}",
            "Logging:LogLevel:Default=Trace",
            "Logging:LogLevel:Microsoft.AspNetCore=Trace",
            "Logging:LogLevel:Microsoft.AspNetCore.Hosting=Trace",
            "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace");
        using var http = new HttpClient { BaseAddress = app.Http.BaseAddress };

        foreach (var path in (string[])["api/runs", "api/runs/none", "api/nowhere", "runtime/webhooks/durabletask/instances/none"])
        {
            foreach (var shown in (string[])[Key, app.Keys.Durable, app.Keys.Master, Key + "x"])
            {
                using var byQuery = await http.GetAsync($"{path}?code={shown}", Cancelled);
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "x-functions-key", shown } } };
                using var byHeader = await http.SendAsync(request, Cancelled);
                Assert.Equal(byQuery.StatusCode, byHeader.StatusCode);
                if (path == "api/runs")
                    Assert.Equal(shown == Key || shown == app.Keys.Master ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, byHeader.StatusCode);
            }
        }

        Assert.NotEmpty(app.Log.Lines);
        foreach (var key in (string[])[Key, app.Keys.Durable, app.Keys.Master])
            Assert.DoesNotContain(app.Log.Lines, line => line.Contains(key, StringComparison.Ordinal));
    }
}
