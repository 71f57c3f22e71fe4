using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrations.Tests.Hosting;

/// <summary>A real HTTP server on a free port of this machine that answers as it is told and keeps what it was sent.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Channel<(IHeaderDictionary Headers, byte[] Body)> _seen = Channel.CreateUnbounded<(IHeaderDictionary, byte[])>();

    private Receiver(WebApplication web) => _web = web;

    public string Url => _web.Urls.First();

    public int Waiting => _seen.Reader.Count;

    public static async Task<Receiver> StartAsync(Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var web = builder.Build();
        web.Urls.Add("http://127.0.0.1:0");
        var receiver = new Receiver(web);
        var count = 0;
        web.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await answer(Interlocked.Increment(ref count), context);
            receiver._seen.Writer.TryWrite((new HeaderDictionary(context.Request.Headers.ToDictionary()), body.ToArray()));
        });
        await web.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async Task<(IHeaderDictionary Headers, byte[] Body)> NextAsync() =>
        await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
