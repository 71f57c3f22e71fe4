using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Curriculum.Work;
using Testing;
using Testing.Fuzzing;

namespace Orchestrations.Tests.Fuzzing;

/// <summary>Requests of every kind to the real app: none is answered 500, none leaves anything but what was accepted, and the app goes on.</summary>
[Trait("Speed", "slow")]
public sealed class HttpFuzzTests
{
    // Beside what the document of the API lists.
    private static readonly string[] Others =
    [
        "{0}", "runtime/webhooks/durabletask/instances", "runtime/webhooks/durabletask/instances/{0}",
        "runtime/webhooks/durabletask/instances/{0}/raiseEvent/{0}", "runtime/webhooks/durabletask/instances/{0}/terminate", "runtime/webhooks/durabletask/orchestrators/{0}",
        "runtime/webhooks/durabletask/instances?top={0}&createdTimeFrom={0}&runtimeStatus={0}&showInput={0}",
    ];

    // What answers without a key: the pages hold nothing until somebody gives them one.
    private static readonly string[] Open = ["api/health", "api/app"];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "X"];

    private static readonly string[] Ids =
    [
        "..", "..%2f..%2fmodels", "%2e%2e", "a/../../b", "x", "run-1", "%00", "%ff%fe", "con", "a%0d%0ab", "%E2%80%AE", new string('a', 3000), "-1", "null", "' or 1=1", "{}", "a;b", "@x",
        "%23", "RunOrchestrator", "a?b", " ", "..\\..\\x", "%5c..%5c",
    ];

    [Fact]
    public async Task No_request_crashes_hangs_or_leaves_anything_behind()
    {
        await using var system = await LocalSystem.StartAsync(workers: 0);
        var keys = await system.KeysAsync();
        byte[][] bodies =
        [
            await File.ReadAllBytesAsync(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"), TestContext.Current.CancellationToken),
            """{"name":"a","url":"https://x.example/"}"""u8.ToArray(),
            "{}"u8.ToArray(),
            "7"u8.ToArray(),
        ];
        string[] paths = [.. await RoutesAsync(system), .. Others];
        Assert.True(paths.Length > 30, $"{paths.Length} paths.");
        var accepted = 0;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = system.Client.BaseAddress };

        var cases = await Fuzzer.RunAsync("http", 400, bodies, async (body, random) =>
        {
            if (random.Next(12) == 0)
            {
                await SendRawAsync(system.Client.BaseAddress!.Port, body, random);
                return;
            }

            var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, paths[random.Next(paths.Length)], Ids[random.Next(Ids.Length)]);
            using var request = new HttpRequestMessage(
                new(Methods[random.Next(Methods.Length)]), new Uri($"{http.BaseAddress}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            var opens = random.Next(5) > 0;
            request.Headers.TryAddWithoutValidation("x-functions-key", opens ? keys.Master : random.Next(2) == 0 ? LocalSystem.Key + "x" : "");
            request.Headers.TryAddWithoutValidation("Idempotency-Key", random.Next(3) == 0 ? Ids[random.Next(Ids.Length)] : "");
            request.Headers.TryAddWithoutValidation("x-ms-continuation-token", random.Next(3) == 0 ? Ids[random.Next(Ids.Length)] : "");
            if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(4) == 0 ? "text/plain" : "application/json");
            }

            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            // The management endpoints are the extension's own; what they answer is right by definition.
            Assert.True((int)answer.StatusCode < 500 || path.StartsWith("runtime/", StringComparison.Ordinal), $"{request.Method} {path}: {(int)answer.StatusCode} {text}");
            if (!opens)
            {
                var isOpen = Open.Any(route => path.StartsWith(route, StringComparison.Ordinal));
                Assert.True(
                    answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.Created) && (answer.StatusCode != HttpStatusCode.OK || isOpen),
                    $"{request.Method} {path} without a key: {answer.StatusCode}");
            }

            // The server itself refuses a path with a zero character or a space, before there is anything to say.
            var malformed = path.Contains("%00", StringComparison.Ordinal) || path.Contains(' ', StringComparison.Ordinal);
            if (answer.StatusCode == HttpStatusCode.BadRequest && !malformed && path.StartsWith("api/", StringComparison.Ordinal) && request.Method == HttpMethod.Post)
                Assert.True(text.Contains("xpected", StringComparison.Ordinal), $"{request.Method} {path}: {text}");
            if (answer.StatusCode == HttpStatusCode.Accepted && (path == "api/runs" || path.EndsWith("/retry", StringComparison.Ordinal) || path.EndsWith("/fork", StringComparison.Ordinal)))
                accepted++;
        });

        // It still answers, and storage has the accepted runs and no more.
        using var after = await system.Client.GetAsync("api/runs", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        var runs = await NamesAsync(system, StorageNames.RunsContainer);
        Assert.All(runs, name => Assert.Matches(@"^[a-z0-9][a-z0-9-]{0,59}/(plan\.json|control)$", name));
        Assert.InRange(runs.Count(name => name.EndsWith("/plan.json", StringComparison.Ordinal)), 0, accepted);
        foreach (var container in (string[])[StorageNames.DatasetsContainer, StorageNames.ModelsContainer, StorageNames.WorkContainer])
            Assert.Empty(await NamesAsync(system, container));
        Assert.All(
            await NamesAsync(system, StorageNames.SchedulesContainer),
            name => Assert.Matches("^[a-z0-9][a-z0-9-]{0,39}/(schedule.json|runs/.*)$", name));
        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} cases, {accepted} accepted submissions");
    }

    /// <summary>Every route that the API's document lists, each of its parameters to be filled in, and once more with every parameter of its query.</summary>
    private static async Task<IReadOnlyList<string>> RoutesAsync(LocalSystem system)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/openapi.json");
        request.Headers.Add("x-functions-key", (await system.KeysAsync()).Master);
        using var answer = await system.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var routes = new List<string>();
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            var route = $"api{(path.StartsWith("/api", StringComparison.Ordinal) ? path[4..] : path)}";
            var filled = Regex.Replace(route, @"\{[^}]+\}", "{0}");
            string[] asked = [.. operations!.AsObject().Select(operation => operation.Value as JsonObject).SelectMany(operation => operation?["parameters"]?.AsArray() ?? [])
                .Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!).Distinct()];
            routes.Add(filled);
            if (asked.Length > 0)
                routes.Add($"{filled}?{string.Join('&', asked.Select(name => $"{name}={{0}}"))}");
        }

        return routes;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(LocalSystem system, string container)
    {
        var names = new List<string>();
        await foreach (var blob in new BlobContainerClient(system.Azurite.ConnectionString, container).GetBlobsAsync(new(), TestContext.Current.CancellationToken))
            names.Add(blob.Name);
        return names;
    }

    /// <summary>What no HTTP client would send; the answer, if there is one, is a refusal.</summary>
    private static async Task SendRawAsync(int port, byte[] body, Random random)
    {
        string[] heads =
        [
            "GET / HTTP/9.9\r\n\r\n", "POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", "GARBAGE\r\n\r\n",
                "POST /api/runs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /api/runs\0 HTTP/1.1\r\nHost: x\r\n\r\n", "POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            $"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n",
        ];
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(heads[random.Next(heads.Length)]));
            await stream.WriteAsync(body);
            socket.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var answer = await reader.ReadToEndAsync();
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), answer);
        }
        catch (Exception cut) when (cut is IOException or SocketException)
        {
            // The host has hung up.
        }
    }
}
