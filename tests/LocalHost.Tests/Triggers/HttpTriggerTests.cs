using System.Net;
using System.Net.Http.Json;
using LocalHost.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LocalHost.Tests.Triggers;

[Collection(nameof(HostStorage))]
public sealed class HttpTriggerTests(HostStorage storage) : IAsyncLifetime
{
    private TestHost _host = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(
        storage,
        [typeof(Pages)],
        builder =>
        {
            builder.Services.AddSingleton(new Greeting("Hello"));
            builder.UseMiddleware<Stamp>();
        },
        "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT=1000");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Without_a_route_the_functions_name_is_the_path()
    {
        Assert.Equal("pong", await _host.Http.GetStringAsync("api/Ping", Cancelled));
    }

    [Fact]
    public async Task Route_values_bind_by_name_and_type()
    {
        Assert.Equal("""{"word":"Hello","name":"run-1","times":3}""", await _host.Http.GetStringAsync("api/greet/run-1/3", Cancelled));
    }

    [Fact]
    public async Task A_route_value_that_its_constraint_refuses_is_not_found()
    {
        using var answer = await _host.Http.GetAsync("api/greet/run-1/three", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task An_optional_route_value_takes_the_parameters_default()
    {
        Assert.Equal("none", await _host.Http.GetStringAsync("api/optional", Cancelled));
        Assert.Equal("some", await _host.Http.GetStringAsync("api/optional/some", Cancelled));
    }

    [Fact]
    public async Task Another_method_is_not_found()
    {
        using var answer = await _host.Http.PostAsync("api/Ping", null, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_functions_own_405_is_passed_on()
    {
        using var answer = await _host.Http.GetAsync("api/status/405", Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task A_function_key_is_asked_for_in_a_header_or_the_query()
    {
        using var stranger = new HttpClient { BaseAddress = _host.Http.BaseAddress };
        async Task<HttpStatusCode> Get(string path)
        {
            using var answer = await stranger.GetAsync(path, Cancelled);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await Get("api/status/200"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get("api/status/200?code=wrong"));
        Assert.Equal(HttpStatusCode.OK, await Get($"api/status/200?code={_host.Keys.Function}"));
        Assert.Equal(HttpStatusCode.OK, await Get($"api/status/200?code={_host.Keys.Master}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get($"api/status/200?code={_host.Keys.Durable}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get($"api/admin-only?code={_host.Keys.Function}"));
        Assert.Equal(HttpStatusCode.OK, await Get($"api/admin-only?code={_host.Keys.Master}"));
        Assert.Equal(HttpStatusCode.OK, await Get("api/Ping"));
    }

    [Fact]
    public async Task A_function_that_throws_answers_500_without_a_word_of_it()
    {
        using var answer = await _host.Http.GetAsync("api/fail", Cancelled);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task A_body_is_read_and_one_over_the_limit_is_413()
    {
        using var small = await _host.Http.PostAsJsonAsync("api/echo", new string('a', 900), Cancelled);
        Assert.Equal(HttpStatusCode.Created, small.StatusCode);
        Assert.Equal(new string('a', 900), await small.Content.ReadAsStringAsync(Cancelled));

        using var large = await _host.Http.PostAsJsonAsync("api/echo", new string('a', 1100), Cancelled);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task Middleware_sees_the_function_and_its_request()
    {
        using var answer = await _host.Http.GetAsync("api/Ping", Cancelled);
        Assert.Equal("Ping", answer.Headers.GetValues("x-function").Single());
    }

    [Fact]
    public async Task A_function_may_write_the_response_itself()
    {
        using var answer = await _host.Http.GetAsync("api/by-hand", Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("by hand", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    public sealed record Greeting(string Word);

    public sealed class Stamp : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            context.GetHttpContext()!.Response.Headers["x-function"] = context.FunctionDefinition.Name;
            return next(context);
        }
    }

    public sealed class Pages(Greeting greeting)
    {
        [Function("Ping")]
        public static IActionResult Ping([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            new ContentResult { Content = "pong" };

        [Function("Greet")]
        public IActionResult Greet(
            [HttpTrigger(AuthorizationLevel.Function, "get", Route = "greet/{name}/{times:int}")] HttpRequest request, string name, int times) =>
            new OkObjectResult(new { greeting.Word, Name = name, Times = times });

        [Function("Optional")]
        public static IActionResult Optional(
            [HttpTrigger("get", Route = "optional/{name?}")] HttpRequest request, string name = "none") =>
            new ContentResult { Content = name };

        [Function("Status")]
        public static IActionResult Status([HttpTrigger("get", Route = "status/{code:int}")] HttpRequest request, int code) =>
            new StatusCodeResult(code);

        [Function("AdminOnly")]
        public static IActionResult AdminOnly([HttpTrigger(AuthorizationLevel.Admin, Route = "admin-only")] HttpRequest request) =>
            new OkResult();

        [Function("Fail")]
        public static Task<IActionResult> Fail([HttpTrigger("get", Route = "fail")] HttpRequest request) =>
            throw new InvalidOperationException("a secret");

        [Function("Echo")]
        public static async Task<IActionResult> Echo(
            [HttpTrigger("post", Route = "echo")] HttpRequest request, CancellationToken cancellationToken) =>
            new ObjectResult(await request.ReadFromJsonAsync<string>(cancellationToken)) { StatusCode = 201 };

        [Function("ByHand")]
        public static async Task ByHand([HttpTrigger("get", Route = "by-hand")] HttpRequest request, FunctionContext context)
        {
            context.GetHttpContext()!.Response.StatusCode = StatusCodes.Status202Accepted;
            await request.HttpContext.Response.WriteAsync("by hand");
        }
    }
}
