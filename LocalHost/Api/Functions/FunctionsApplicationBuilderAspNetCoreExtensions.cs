namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>HTTP functions over ASP.NET Core's own request and result types.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.ServeHttp();
        return builder;
    }
}
