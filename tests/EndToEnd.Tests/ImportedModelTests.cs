using System.Diagnostics;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Curriculum.Texts;
using Curriculum.Work;
using Testing;

namespace EndToEnd.Tests;

/// <summary>A model folder that a person brings: imported by the command, trained by every method with an adapter and in full, exported again.</summary>
[Trait("Speed", "slow")]
public class ImportedModelTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private const string Plan = """
        {
          "name": "brought",
          "base": { "model": "brought" },
          "training": { "family": "two-dials", "count": 32, "seed": 3001, "difficulty": [4], "demonstrations": 16 },
          "budget": { "unit": "updates", "amount": 40 },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "full", "stages": STAGES },
            { "name": "lora", "adapter": { "rank": 8, "alpha": 16 }, "stages": STAGES }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 8, "seed": 3002, "difficulty": [4] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 8, "seed": 3003, "difficulty": [4] }],
            "curriculum": "lora", "samples": 1, "maxNewTokens": 48, "bootstrapDraws": 100
          }
        }
        """;

    private const string Stages = """
        [
          { "method": "sft", "share": 0.8, "problemsPerIteration": 16, "updatesPerItem": 8, "checkpointEvery": 32, "optimizer": { "learningRate": 0.01 } },
          { "method": "srl", "share": 0.1, "problemsPerIteration": 2, "maxNewTokens": 12, "memory": { "recomputeActivations": true, "microBatchTokens": 256 } },
          { "method": "rlvr", "share": 0.1, "problemsPerIteration": 4, "maxNewTokens": 48, "reward": { "kind": "random" } }
        ]
        """;

    [Fact]
    public async Task An_imported_model_is_trained_by_every_method_with_an_adapter_and_in_full_and_exported_again()
    {
        var folder = Directory.CreateTempSubdirectory("brought-").FullName;
        try
        {
            await using var stack = await LocalSystem.StartAsync(workers: 1);
            var brought = Path.Combine(folder, "brought");
            SmallModel.Write(brought);
            await CommandAsync(stack, "import", "--from", brought, "--to", "brought");

            var run = await stack.SubmitAsync(Plan.Replace("STAGES", Stages, StringComparison.Ordinal), "brought");
            var end = await stack.WaitForEndAsync(run, Limit);
            Assert.True((string)end["state"]! == "completed", end.ToJsonString());

            var origin = await ManifestAsync(stack, $"{run}/base");
            Assert.Equal(["config", "policy.00001", "policy.00002", "tokenizer"], origin.Select(part => part.Key).Order(StringComparer.Ordinal));
            var lora = await LastCheckpointsAsync(stack, run, "lora");
            Assert.Equal(3, lora.Count);
            foreach (var checkpoint in lora)
            {
                // The base's parts are the base's own blobs, by place and by hash; the adapter's is under a tenth of them.
                var parts = await ManifestAsync(stack, checkpoint);
                foreach (var part in origin)
                    Assert.Equal(("base", (string)part.Value!["sha256"]!), ((string)parts[part.Key]!["folder"]!, (string)parts[part.Key]!["sha256"]!));
                Assert.True((long)parts["adapter"]!["bytes"]! < 1_000_000);
                Assert.False(parts.ContainsKey("policy"));
            }

            Assert.Equal(3, (await Task.WhenAll(lora.Select(async checkpoint => (string)(await ManifestAsync(stack, checkpoint))["adapter"]!["sha256"]!))).Distinct().Count());
            var full = await LastCheckpointsAsync(stack, run, "full");
            Assert.Equal(3, (await Task.WhenAll(full.Select(async checkpoint => (string)(await ManifestAsync(stack, checkpoint))["policy"]!["sha256"]!))).Distinct().Count());

            // The base comes back byte for byte, the adapter as it was trained, and a merged model in the base's files with the same names and types.
            var (back, adapter, merged) = (Path.Combine(folder, "back"), Path.Combine(folder, "adapter"), Path.Combine(folder, "merged"));
            await CommandAsync(stack, "export", "--state", $"runs/{run}/base", "--to", back);
            foreach (var file in (string[])["config.json", "tokenizer.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"])
                Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(brought, file), Token), await File.ReadAllBytesAsync(Path.Combine(back, file), Token));
            await CommandAsync(stack, "export", "--state", $"runs/{lora[^1]}", "--to", adapter);
            Assert.Equal(["adapter_config.json", "adapter_model.safetensors"], Directory.GetFiles(adapter).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            await CommandAsync(stack, "export", "--state", $"runs/{lora[^1]}", "--to", merged, "--merge", "true");
            await CommandAsync(stack, "import", "--from", merged, "--to", "merged");

            // The exported files are the stored blobs, and what is loaded from them computes what the trained states compute.
            var whole = Path.Combine(folder, "whole");
            await CommandAsync(stack, "export", "--state", $"runs/{full[^1]}", "--to", whole);
            Assert.Equal(
                (string)(await ManifestAsync(stack, lora[^1]))["adapter"]!["sha256"]!,
                Sha256Hex.Of(await File.ReadAllBytesAsync(Path.Combine(adapter, "adapter_model.safetensors"), Token)));
            Assert.Equal("brought", (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(adapter, "adapter_config.json"), Token))!["base_model_name_or_path"]!);
            var untrained = ExportedModel.Logits(back);
            Assert.Equal(untrained, await ExportedModel.LogitsOfStateAsync(stack, $"{run}/base", Token));
            var adapted = await ExportedModel.LogitsOfStateAsync(stack, lora[^1], Token);
            Assert.Equal(adapted, ExportedModel.Logits(back, adapter));
            var trained = await ExportedModel.LogitsOfStateAsync(stack, full[^1], Token);
            Assert.Equal(trained, ExportedModel.Logits(whole));
            Assert.True(ExportedModel.Distance(trained, untrained) > 0.1, "Full training changed no logit.");

            // Merged into bfloat16 each weight is rounded, by 1 in 256 at most: logits are off by a small part of what training changed.
            var changed = ExportedModel.Distance(adapted, untrained);
            Assert.True(changed > 0.1, "Training the adapter changed no logit.");
            Assert.InRange(ExportedModel.Distance(adapted, ExportedModel.Logits(merged)), 0, 0.1 * changed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_imported_model_is_asked_in_its_chat_template_by_every_stage_and_measure()
    {
        var folder = Directory.CreateTempSubdirectory("chat-").FullName;
        try
        {
            await using var stack = await LocalSystem.StartAsync(workers: 1);
            SmallModel.Write(folder);
            await CommandAsync(stack, "import", "--from", folder, "--to", "brought");
            var plan = JsonNode.Parse(Plan.Replace("STAGES", Stages, StringComparison.Ordinal))!;
            plan["base"]!["chat"] = new JsonObject { ["format"] = "qwen2.5", ["system"] = "Reply with lines." };
            plan["arms"]!.AsArray().RemoveAt(1);
            plan["evaluation"]!["audit"] = JsonNode.Parse("""{ "problems": 4, "samples": 1 }""");
            plan["evaluation"]!["probes"] = JsonNode.Parse("""{ "problems": 4, "samples": 1, "passAtK": 2, "enablingProblems": 2 }""");
            var run = await stack.SubmitAsync(plan.ToJsonString(), "chat");
            var end = await stack.WaitForEndAsync(run, Limit);
            Assert.True((string)end["state"]! == "completed", end.ToJsonString());

            // Every state lists the base's own part, with the format.
            var chat = (await ManifestAsync(stack, $"{run}/base"))["chat"]!;
            var runs = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
            Assert.Equal(
                """{"format":"qwen2.5","system":"Reply with lines.","thinking":false}""",
                (await runs.GetBlobClient($"{run}/base/{(string)chat["name"]!}").DownloadContentAsync(Token)).Value.Content.ToString());
            foreach (var checkpoint in await LastCheckpointsAsync(stack, run, "lora"))
                Assert.Equal((string)chat["sha256"]!, (string)(await ManifestAsync(stack, checkpoint))["chat"]!["sha256"]!);

            // The system's turn, the user's and the assistant's begin with 510, and the first two end with 511: of all prompts, step by step and whole.
            var stages = new HashSet<string>();
            foreach (var (stage, batch) in await BatchesAsync(stack, run))
            {
                foreach (var sampled in batch["sampled"]!.AsArray())
                {
                    int[] prompt = [.. sampled!["promptTokens"]!.AsArray().Select(token => (int)token!)];
                    Assert.Equal([510, 511, 510, 511, 510], prompt.Where(token => token >= 510));
                    Assert.Equal(510, prompt[0]);
                    stages.Add(stage);
                }
            }

            Assert.Equal(["1", "2"], stages.Order(StringComparer.Ordinal));
            var verdict = JsonNode.Parse(await StoredRun.VerdictAsync(stack, run))!;
            var rows = verdict["benchmarks"]![0]!["audit"]!["rows"]!.AsArray();
            Assert.Equal((3, 3), (rows.Count(row => (bool)row!["template"]!), rows.Count(row => !(bool)row!["template"]!)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // As most instruct models come. Of its 576 ids 63 have no text, each as likely as the others before training: an answer of 48 tokens draws one almost surely.
    [Fact]
    public async Task A_folder_with_a_padded_vocabulary_a_chat_template_and_two_stop_tokens_goes_through_every_stage_and_measure()
    {
        var folder = Directory.CreateTempSubdirectory("padded-").FullName;
        try
        {
            await using var stack = await LocalSystem.StartAsync(workers: 1);
            var brought = Path.Combine(folder, "brought");
            SmallModel.Write(brought, padded: true);
            await CommandAsync(stack, "import", "--from", brought, "--to", "brought");
            var plan = JsonNode.Parse(Plan.Replace("STAGES", Stages, StringComparison.Ordinal))!;
            plan["base"]!["chat"] = new JsonObject();
            plan["arms"]![2]!["stages"]![0]!["share"] = 0.4;
            plan["arms"]![2]!["stages"]![1]!["share"] = 0.3;
            plan["arms"]![2]!["stages"]![2]!["share"] = 0.3;
            plan["arms"]![2]!["stages"]![2]!["temperature"] = 1.5;
            plan["arms"]!.AsArray().RemoveAt(1);
            plan["budget"]!["amount"] = 20;
            plan["evaluation"]!["audit"] = JsonNode.Parse("""{ "problems": 4, "samples": 1 }""");
            plan["evaluation"]!["probes"] = JsonNode.Parse("""{ "problems": 4, "samples": 1, "passAtK": 2, "enablingProblems": 2 }""");
            var run = await stack.SubmitAsync(plan.ToJsonString(), "padded");
            var end = await stack.WaitForEndAsync(run, Limit);
            Assert.True((string)end["state"]! == "completed", end.ToJsonString());

            var runs = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
            var chat = (await ManifestAsync(stack, $"{run}/base"))["chat"]!;
            Assert.Equal(
                $$"""{"format":"chatml","system":"{{SmallModel.System}}","thinking":false}""",
                (await runs.GetBlobClient($"{run}/base/{(string)chat["name"]!}").DownloadContentAsync(Token)).Value.Content.ToString());
            var checkpoints = await LastCheckpointsAsync(stack, run, "lora");
            Assert.Equal(3, checkpoints.Count);

            // Nothing without a text was drawn, nothing follows an end token, and what was recorded are probabilities.
            var stages = new HashSet<string>();
            foreach (var (stage, batch) in await BatchesAsync(stack, run))
            {
                foreach (var sampled in batch["sampled"]!.AsArray())
                {
                    int[] tokens = [.. sampled!["tokens"]!.AsArray().Select(token => (int)token!)];
                    Assert.All(tokens, token => Assert.InRange(token, 0, 512));
                    Assert.DoesNotContain(tokens[..^1], token => token is 511 or 512);
                    Assert.All(sampled["oldLogProbs"]!.AsArray(), logProb => Assert.InRange((double)logProb!, -50, 0));
                    stages.Add(stage);
                }
            }

            Assert.Equal(["1", "2"], stages.Order(StringComparer.Ordinal));

            // What goes along comes back.
            var merged = Path.Combine(folder, "merged");
            await CommandAsync(stack, "export", "--state", $"runs/{checkpoints[^1]}", "--to", merged, "--merge", "true");
            foreach (var file in (string[])["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"])
                Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(brought, file), Token), await File.ReadAllBytesAsync(Path.Combine(merged, file), Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_model_folder_with_tensors_missing_fails_its_run_with_their_names()
    {
        var folder = Directory.CreateTempSubdirectory("broken-").FullName;
        try
        {
            await using var stack = await LocalSystem.StartAsync(workers: 1);
            SmallModel.Write(folder);
            var config = await File.ReadAllTextAsync(Path.Combine(folder, "config.json"), Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), config.Replace("\"num_hidden_layers\": 5", "\"num_hidden_layers\": 6", StringComparison.Ordinal), Token);
            var models = new BlobContainerClient(stack.Azurite.ConnectionString, "models");
            await models.CreateIfNotExistsAsync(cancellationToken: Token);
            foreach (var file in Directory.GetFiles(folder))
                await models.GetBlobClient($"brought/{Path.GetFileName(file)}").UploadAsync(file, overwrite: true, Token);

            var run = await stack.SubmitAsync(Plan.Replace("STAGES", Stages, StringComparison.Ordinal), "broken");
            var end = await stack.WaitForEndAsync(run, Limit);
            Assert.Equal("failed", (string)end["state"]!);
            Assert.Contains("missing model.layers.5.input_layernorm.weight, model.layers.5.mlp.down_proj.weight", end.ToJsonString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The last checkpoint of each stage.</summary>
    /// <summary>The batches of the arm's updates, each with its stage.</summary>
    private static async Task<IReadOnlyList<(string Stage, JsonNode Batch)>> BatchesAsync(LocalSystem stack, string run)
    {
        var work = new BlobContainerClient(stack.Azurite.ConnectionString, "work");
        var batches = new List<(string, JsonNode)>();
        foreach (var name in (await StoredRun.NamesAsync(stack, "work", $"{run}/lora/")).Where(name => name.EndsWith("/update/item.json", StringComparison.Ordinal)))
        {
            var item = JsonNode.Parse((await work.GetBlobClient(name).DownloadContentAsync(Token)).Value.Content)!;
            batches.AddRange(item["steps"]!.AsArray().Select(step => (name.Split('/')[3], step!["batch"]!)));
        }

        return batches;
    }

    private static async Task<IReadOnlyList<string>> LastCheckpointsAsync(LocalSystem stack, string run, string arm)
    {
        var runs = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
        var folders = await runs.GetBlobsAsync(new() { Prefix = $"{run}/checkpoints/{arm}/1/" }, Token)
            .Where(blob => StorageNames.IsStateBlob(blob.Name))
            .Select(blob => blob.Name[..^"/state".Length])
            .ToListAsync(Token);
        return [.. folders.GroupBy(folder => folder.Split('/')[4]).OrderBy(stage => stage.Key, StringComparer.Ordinal)
            .Select(stage => stage.MaxBy(folder => int.Parse(folder.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture))!)];
    }

    private static async Task<JsonObject> ManifestAsync(LocalSystem stack, string folder)
    {
        var content = await new BlobContainerClient(stack.Azurite.ConnectionString, "runs").GetBlobClient(StorageNames.StateBlob(folder)).DownloadContentAsync(Token);
        return JsonNode.Parse(StateBlob.Split(content.Value.Content.ToMemory()).Manifest.Span)!["parts"]!.AsObject();
    }

    private static async Task CommandAsync(LocalSystem stack, params string[] arguments)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var worker = Path.Combine(LocalSystem.Repository(), "GpuWorker", "bin", output.Parent!.Name, output.Name, "GpuWorker.dll");
        var start = new ProcessStartInfo("dotnet", [worker, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DataStorage"] = stack.Azurite.ConnectionString;
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(Token);
        await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, await said);
    }
}
