using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Curriculum.Work;
using Testing;

namespace EndToEnd.Tests;

/// <summary>A submission is priced by the real host.</summary>
[Trait("Speed", "slow")]
public class PriceTests
{
    [Fact]
    public async Task A_submission_shows_its_price_and_one_above_its_cap_is_refused_before_anything_is_stored()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 0);
        await Plans.UploadBaseAsync(stack);

        using var refused = await SubmitAsync(stack, "refused", 0.000001);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("/budget/maximumCost", (string?)Assert.Single(problem["errors"]!.AsArray())!["pointer"]);
        var stored = new BlobContainerClient(stack.Azurite.ConnectionString, StorageNames.RunsContainer);
        Assert.False(await stored.ExistsAsync(TestContext.Current.CancellationToken)
            && await stored.GetBlobClient(StorageNames.Plan("refused")).ExistsAsync(TestContext.Current.CancellationToken));

        using var accepted = await SubmitAsync(stack, "accepted", 1000);
        var price = JsonNode.Parse(await accepted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["price"]!;
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("cpu", (string?)price["machine"]);
        Assert.InRange((double)price["total"]!["most"]!, 0.000001, 1000);
        Assert.True((double)price["workerSeconds"]!["least"]! > 0);
    }

    private static async Task<HttpResponseMessage> SubmitAsync(LocalSystem stack, string key, double cap)
    {
        var plan = JsonNode.Parse(Plans.Tiny)!;
        plan["budget"]!["maximumCost"] = cap;
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/runs") { Content = new StringContent(plan.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return await stack.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
