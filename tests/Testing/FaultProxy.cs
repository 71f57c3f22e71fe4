using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Testing;

/// <summary>Stands between one process and Azurite, forwards every request, and does to one what a test says.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Transfer-Encoding", "Expect", "Keep-Alive", "Content-Length",
    };

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = TimeSpan.FromMinutes(2),
    };

    private readonly WebApplication _app;
    private readonly int _blobTarget;
    private readonly int _queueTarget;
    private readonly int _tableTarget;
    private readonly string _account;
    private ArmedFault? _armed;

    private FaultProxy(AzuriteServer azurite)
    {
        (_blobTarget, _queueTarget, _tableTarget) = (azurite.BlobPort, azurite.QueuePort, azurite.TablePort);
        _account = azurite.ConnectionString;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            for (var service = 0; service < 3; service++)
                kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    private int BlobPort { get; set; }

    private int QueuePort { get; set; }

    private int TablePort { get; set; }

    /// <summary>How far the storage's clock goes ahead of what it stamped so far: time that passes for it.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Told the method, and the path with its query, of every request before anything is done to it.</summary>
    public Action<string, string>? Sees { get; set; }

    /// <summary>Azurite's connection string with this proxy's ports.</summary>
    public string ConnectionString => _account
        .Replace(Port(_blobTarget), Port(BlobPort), StringComparison.Ordinal)
        .Replace(Port(_queueTarget), Port(QueuePort), StringComparison.Ordinal)
        .Replace(Port(_tableTarget), Port(TablePort), StringComparison.Ordinal);

    public static async Task<FaultProxy> StartAsync(AzuriteServer azurite)
    {
        var proxy = new FaultProxy(azurite);
        await proxy._app.StartAsync();
        int[] ports = [.. proxy._app.Urls.Select(url => new Uri(url).Port)];
        (proxy.BlobPort, proxy.QueuePort, proxy.TablePort) = (ports[0], ports[1], ports[2]);
        return proxy;
    }

    /// <summary>Does the fault to the next requests that it is meant for; completes when it has been done so often.</summary>
    public Task ArmAsync(ProxyFault fault)
    {
        var armed = new ArmedFault(fault);
        Volatile.Write(ref _armed, armed);
        return armed.Done;
    }

    public void Disarm() => Volatile.Write(ref _armed, null);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private static string Port(int port) => string.Create(CultureInfo.InvariantCulture, $":{port}/");

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        Sees?.Invoke(request.Method, request.Path + request.QueryString);
        var armed = Volatile.Read(ref _armed);
        var fault = armed?.Takes(request.Method, request.Path + request.QueryString) == true ? armed.Fault : null;
        try
        {
            if (fault?.Before is { } before)
                await before();
            if (fault?.Delay is { } delay)
                await Task.Delay(delay, context.RequestAborted);
            if (fault?.Status is { } status)
            {
                context.Response.StatusCode = status;
                return;
            }

            if (fault is { Resets: true })
            {
                context.Abort();
                return;
            }

            using var answer = await ForwardAsync(context);
            if (fault?.After is { } after)
                await after();
            if (fault is { LosesAnswer: true })
                context.Abort();
            else
                await ReplyAsync(context, answer);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            // Azurite is away, or whoever asked is: either sees a connection that ends.
            context.Abort();
        }
        finally
        {
            if (fault is not null)
                armed!.Finish();
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context)
    {
        var target = context.Connection.LocalPort == BlobPort ? _blobTarget : context.Connection.LocalPort == QueuePort ? _queueTarget : _tableTarget;
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        // The body is read whole, so that Azurite never sees half of one.
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{target}{path}"));
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!NotForwarded.Contains(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, CancellationToken.None);
    }

    private async Task ReplyAsync(HttpContext context, HttpResponseMessage answer)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!NotForwarded.Contains(name) || (name == "Content-Length" && context.Request.Method == "HEAD"))
                response.Headers[name] = values.ToArray();
        }

        if (answer.Headers.Date is { } date)
            response.Headers.Date = (date + Ahead).ToString("R", CultureInfo.InvariantCulture);
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (body.Length > 0)
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private sealed class ArmedFault(ProxyFault fault)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = fault.Times;
        private int _open = fault.Times;

        public ProxyFault Fault => fault;

        public Task Done => _done.Task;

        public bool Takes(string method, string path) => fault.Meant(method, path) && Interlocked.Decrement(ref _left) >= 0;

        public void Finish()
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _done.TrySetResult();
        }
    }
}

/// <summary>What is done to a request.</summary>
/// <param name="Meant">Method, and path with query, of the requests that it is meant for.</param>
public sealed record ProxyFault(Func<string, string, bool> Meant)
{
    /// <summary>How many requests it is done to.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Answers with this status, and forwards nothing.</summary>
    public int? Status { get; init; }

    /// <summary>Closes the connection, and forwards nothing.</summary>
    public bool Resets { get; init; }

    /// <summary>Forwards, then closes the connection: what was asked is done and nobody is told.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>Waits before it forwards.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Done before the request is forwarded.</summary>
    public Func<Task>? Before { get; init; }

    /// <summary>Done when the request was forwarded and not answered yet.</summary>
    public Func<Task>? After { get; init; }
}
