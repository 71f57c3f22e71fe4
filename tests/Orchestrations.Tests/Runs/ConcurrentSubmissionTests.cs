using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Testing;

namespace Orchestrations.Tests.Runs;

/// <summary>Many submissions at once, over the real host and the official engine on Azurite.</summary>
[Trait("Speed", "slow")]
public sealed class ConcurrentSubmissionTests
{
    private const int AtOnce = 20;
    private const int Keys = 5;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submissions_at_once_under_one_key_are_all_accepted_and_are_one_run()
    {
        await using var system = await LocalSystem.StartAsync(workers: 0);
        var plan = await File.ReadAllTextAsync(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"), Cancelled);
        plan = plan.Replace("\"model\": \"two-dials\"", "\"pretrain\": {}", StringComparison.Ordinal);
        // The first round begins on empty storage, where containers and queues are made at once too.
        for (var key = 0; key < Keys; key++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => SubmitAsync(system.Client, plan, $"together-{key}")));

            Assert.All(answers, answer => Assert.True(answer.Code == HttpStatusCode.Accepted, $"{answer.Code}: {answer.Body}\n{system.Log("host")}"));
            Assert.Equal([$"together-{key}"], answers.Select(answer => (string)JsonNode.Parse(answer.Body)!["id"]!).Distinct());
            Assert.Single(answers, answer => !(bool)JsonNode.Parse(answer.Body)!["existing"]!);
        }

        var instances = (await system.InstancesAsync("?top=100")).AsArray().Select(instance => (string)instance!["instanceId"]!);
        Assert.Equal(Enumerable.Range(0, Keys).Select(key => $"together-{key}"), instances.Where(id => !id.Contains(':', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static async Task<(HttpStatusCode Code, string Body)> SubmitAsync(HttpClient client, string plan, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/runs") { Content = new StringContent(plan, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }
}
