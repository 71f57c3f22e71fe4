using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using Curriculum.Texts;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Datasets;
using Orchestrations.Http;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;

namespace Orchestrations.Tests.Datasets;

[Trait("Speed", "slow")]
public sealed class ImportDatasetTests
{
    // As an editor on Windows saves it: a byte order mark, carriage returns, blank lines at the end.
    private const string Lines = "\ufeff{\"question\":\"1+1\",\"answer\":\"1+1=<<1+1=2>>2\\n#### 2\"}\r\n\r\n{\"question\":\"2+2\",\"answer\":\"2+2=<<2+2=5>>5\\n#### 5\"}\r\n\r\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_set_of_an_allowed_host_is_stored_whole_and_everything_else_is_refused_with_nothing_stored()
    {
        await using var source = await Receiver.StartAsync(async (_, context) =>
        {
            switch (context.Request.Path.Value)
            {
                case "/good.jsonl":
                    await context.Response.WriteAsync(Lines);
                    break;
                case "/other.jsonl":
                    await context.Response.WriteAsync("{\"question\":\"3+3\",\"answer\":\"3+3=6\\n#### 6\"}");
                    break;
                case "/moved":
                    context.Response.Redirect("/good.jsonl");
                    break;
                case "/away":
                    context.Response.Redirect("http://elsewhere.example/good.jsonl");
                    break;
                case "/loop":
                    context.Response.Redirect("/loop");
                    break;
                case "/page":
                    await context.Response.WriteAsync("{\"question\":\"3+3\",\"answer\":\"3+3=6\\n#### 6\"}\n<html>");
                    break;
                case "/utf16":
                    await context.Response.Body.WriteAsync((byte[])[.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Lines)]);
                    break;
                case "/references":
                    await context.Response.WriteAsync($"{Item("a", "1")}\n{Item("b", "\\\\frac{1}{2")}\n{Item("c", "2")}\n");
                    break;
                case "/twice":
                    await context.Response.WriteAsync($"{Item("a", "1")}\n{Item("b", "1").Replace("Q of b", "q of  a", StringComparison.Ordinal)}\n");
                    break;
                case "/large":
                    for (var i = 0; i < 40; i++)
                        await context.Response.WriteAsync(new string(' ', 1024));
                    break;
                case "/cut":
                    await context.Response.WriteAsync("{\"a\":1}\n{\"a\"");
                    context.Abort();
                    break;
                default:
                    context.Response.StatusCode = 404;
                    break;
            }
        });
        await using var app = await AppHost.StartAsync(
            null, "Datasets:AllowedHosts=127.0.0.1", "Datasets:AllowPrivateAddresses=true", "Datasets:MaxBytes=32768");

        foreach (var (path, expected) in ((string, string)[])
            [
                ("/away", "elsewhere.example"), ("/loop", "redirects"), ("/page", "Line 2: Expected a JSON object"), ("/large", "Datasets__MaxBytes"), ("/cut", "Expected"), ("/none", "404"),
                ("/utf16", "UTF-16 (little-endian)"), ("/references", "Line 2: /answer: Expected an answer that the math verifier accepts as equal to itself"),
                ("/twice", "Line 2: /problem: expected each problem once"),
            ])
        {
            var (code, body) = await Import(app, "set.jsonl", source.Url + path);
            Assert.Equal(HttpStatusCode.BadRequest, code);
            Assert.Contains(expected, body, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await Import(app, "set.jsonl", $"{source.Url}/good.jsonl", new string('0', 64))).Code);
        Assert.Empty(await StoredAsync(app));

        var hash = Sha256Hex.Of(Encoding.UTF8.GetBytes(Lines));
        var created = await Import(app, "set.jsonl", $"{source.Url}/moved", hash);
        Assert.Equal(HttpStatusCode.Created, created.Code);
        Assert.Contains("\"family\":\"gsm8k\",\"lines\":2,\"leftOut\":1", created.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Import(app, "set.jsonl", $"{source.Url}/good.jsonl")).Code);
        Assert.Equal(HttpStatusCode.Conflict, (await Import(app, "set.jsonl", $"{source.Url}/other.jsonl")).Code);
        // What another verifier judges is no answer to the math verifier.
        Assert.Equal(HttpStatusCode.Created, (await Import(app, "proofs.jsonl", $"{source.Url}/references", verifier: "lean")).Code);
        Assert.Equal(["proofs.jsonl", "set.jsonl"], await StoredAsync(app));
    }

    [Theory]
    [InlineData("https://huggingface.co/x.jsonl", null)]
    [InlineData("https://HuggingFace.co/x.jsonl", null)]
    [InlineData("http://huggingface.co/x.jsonl", "https")]
    [InlineData("https://huggingface.co:8443/x.jsonl", "8443")]
    [InlineData("https://huggingface.co.evil.example/x.jsonl", "Datasets__AllowedHosts")]
    [InlineData("https://evil.example/huggingface.co", "Datasets__AllowedHosts")]
    [InlineData("https://huggingface.co@evil.example/x.jsonl", "user name")]
    [InlineData("https://sub.huggingface.co/x.jsonl", "Datasets__AllowedHosts")]
    [InlineData("file:///etc/passwd", "https")]
    public void Only_allowed_hosts_are_asked(string url, string? refusal)
    {
        var found = new ImportOptions { AllowedHosts = "huggingface.co, raw.githubusercontent.com" }.Refusal(new(url));
        if (refusal is null)
            Assert.Null(found);
        else
            Assert.Contains(refusal, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_list_no_host_is_asked() =>
        Assert.Contains("it is empty", new ImportOptions().Refusal(new("https://huggingface.co/x")), StringComparison.Ordinal);

    [Theory]
    [InlineData("../models/x", "/name")]
    [InlineData("a/../b", "/name")]
    [InlineData("a..b", "/name")]
    [InlineData("a/b", "/name")]
    [InlineData("", "/name")]
    [InlineData("a\\b", "/name")]
    [InlineData("a%2fb", "/name")]
    [InlineData("a\n", "/name")]
    public void A_name_that_could_leave_its_container_is_refused(string name, string pointer) => Assert.Contains(
        ImportDataset.Read(JsonSerializer.SerializeToUtf8Bytes(new { name, url = "https://x.example/" })).Violations, violation => violation.Pointer == pointer);

    [Fact]
    public void A_request_is_read_with_a_byte_order_mark_and_names_what_is_wrong()
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { name = "a.jsonl", url = "https://x.example/", verifier = "lean" });
        Assert.Equal("lean", ImportDataset.Read([.. Encoding.UTF8.Preamble, .. body]).Request!.Verifier);
        Assert.Equal("/verifier",
            Assert.Single(ImportDataset.Read(JsonSerializer.SerializeToUtf8Bytes(new { name = "a.jsonl", url = "https://x.example/", verifier = "../lean" })).Violations).Pointer);
        Assert.Contains("UTF-16", Assert.Single(ImportDataset.Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")]).Violations).Message, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Code, string Body)> Import(AppHost app, string name, string url, string? sha256 = null, string? verifier = null)
    {
        using var content = new StringContent(JsonSerializer.Serialize(new { name, url, sha256, verifier }), Encoding.UTF8, "application/json");
        using var answer = await app.Http.PostAsync("api/datasets", content, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static string Item(string id, string answer) => $$"""{"id": "{{id}}", "problem": "Q of {{id}}", "steps": [], "answer": "{{answer}}"}""";

    private static async Task<string[]> StoredAsync(AppHost app)
    {
        var storage = app.Services.GetRequiredService<DataStorage>();
        await storage.EnsureAsync(Cancelled);
        var names = new List<string>();
        await foreach (var blob in storage.Blobs.GetBlobContainerClient(StorageNames.DatasetsContainer).GetBlobsAsync(BlobTraits.None, BlobStates.Uncommitted, null, Cancelled))
            names.Add(blob.Name);
        return [.. names];
    }
}
