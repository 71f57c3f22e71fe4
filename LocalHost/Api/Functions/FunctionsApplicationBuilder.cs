using System.Reflection;
using System.Text.Json;
using LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds the app: configuration, services, middleware, then the host.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    private bool _servesHttp;

    internal FunctionsApplicationBuilder(string[] args)
    {
        _web = WebApplication.CreateBuilder(args);
        // The official worker's default, for queue messages and durable payloads alike; the app may configure more.
        _web.Services.Configure<JsonSerializerOptions>(o => o.PropertyNameCaseInsensitive = true);
        try
        {
            SettingFiles.AddTo(_web.Configuration, AppContext.BaseDirectory, Directory.GetCurrentDirectory());
        }
        catch (HostSettingsException e)
        {
            ExitingHost.Exit(e);
        }
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    public ConfigurationManager Configuration => _web.Configuration;

    public IHostEnvironment Environment => _web.Environment;

    public ILoggingBuilder Logging => _web.Logging;

    public IMetricsBuilder Metrics => _web.Metrics;

    public IServiceCollection Services => _web.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => _web.Configuration;

    /// <summary>Where functions are looked for; by default all of the entry assembly.</summary>
    internal IEnumerable<Type>? FunctionTypes { get; set; }

    public IHost Build()
    {
        try
        {
            return new ExitingHost(BuildHost());
        }
        catch (HostSettingsException e)
        {
            return ExitingHost.Exit(e);
        }
    }

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    internal void ServeHttp()
    {
        _servesHttp = true;
        _web.Services.AddMvcCore();
    }

    /// <exception cref="HostSettingsException">The settings or the functions are not fit to run.</exception>
    internal LocalFunctionsHost BuildHost()
    {
        var settings = HostSettings.Read(Configuration);
        var functions = FunctionDiscovery.Find(FunctionTypes ?? Assembly.GetEntryAssembly()!.GetTypes());
        FunctionChecks.Check(functions, _servesHttp);
        LocalFunctionsHost.Configure(_web, settings);
        return new(_web.Build(), settings, functions, _middleware);
    }
}
