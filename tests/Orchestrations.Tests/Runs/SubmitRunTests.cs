using System.Net;
using Curriculum.Texts;
using Curriculum.Work;
using Orchestrations.Tests.Hosting;
using Testing;

namespace Orchestrations.Tests.Runs;

[Trait("Speed", "slow")]
public sealed class SubmitRunTests
{
    [Fact]
    public async Task What_is_wrong_with_a_plan_and_what_storage_lacks_of_it_is_told_in_one_answer()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("made-first");
        var plan = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"), TestContext.Current.CancellationToken))!;
        plan["seeds"] = new System.Text.Json.Nodes.JsonArray();
        plan["base"]!["model"] = "not-there";
        plan["training"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "family": "dataset", "dataset": "not-there.jsonl", "count": 8, "seed": 1 }""");
        var refused = await app.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "api/runs", plan.ToJsonString(), "at-once");
        Assert.Equal(["/base/model", "/seeds", "/training/dataset"], refused.Errors!.Select(error => error.Pointer).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_model_whose_tokens_no_text_can_be_made_of_is_refused_before_anything_is_stored()
    {
        await using var app = await AppHost.StartAsync();
        var plan = await File.ReadAllTextAsync(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"), TestContext.Current.CancellationToken);
        await app.SubmitAsync("made-first");
        await app.OverwriteAsync(StorageNames.ModelsContainer, "two-dials/config.json", """{"vocab_size":8}""");
        await app.OverwriteAsync(StorageNames.ModelsContainer, "two-dials/model.safetensors", "not looked at");

        var refused = await app.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "api/runs", plan, "untold");
        Assert.Equal([new Violation("/base/model", TokenizerRule.Missing)], refused.Errors);
        await app.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "api/runs/untold");

        // Either of the two is enough; that the rest is sound is looked at by the import.
        await app.OverwriteAsync(StorageNames.ModelsContainer, "two-dials/config.json", """{"vocab_size":8,"characters":"abcdefgh"}""");
        Assert.Equal(HttpStatusCode.Accepted, (await app.SendAsync(HttpMethod.Post, "api/runs", plan, "listed")).Code);
        await app.OverwriteAsync(StorageNames.ModelsContainer, "two-dials/config.json", """{"vocab_size":8}""");
        await app.OverwriteAsync(StorageNames.ModelsContainer, "two-dials/tokenizer.json", "{}");
        Assert.Equal(HttpStatusCode.Accepted, (await app.SendAsync(HttpMethod.Post, "api/runs", plan, "beside")).Code);
    }
}
