using Lockstep.Api.Bounds;
using Lockstep.Api.Operations;
using Lockstep.Api.Routing;
using Lockstep.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lockstep.Api.Hosting;

/// <summary>How an ASP.NET Core host serves the API.</summary>
public static class LockstepApiExtensions
{
    /// <summary>Adds what the API needs. The application has been composed before, over the host's ports.</summary>
    public static IServiceCollection AddLockstepApi(this IServiceCollection services, LockstepService service, ApiOptions options)
    {
        services.AddRoutingCore();
        services.AddSingleton(_ => new Draining());
        services.AddSingleton(provider => new ApiSurroundings(
            service, options, new ApiBounds(service.Limits, options, service.Time), provider.GetRequiredService<Draining>(), ApiRoutes.Table));
        services.AddSingleton<RequestPipeline>();
        return services;
    }

    /// <summary>
    /// Serves the API under every path that nothing more specific serves, and begins to drain when the host is asked to stop.
    /// </summary>
    public static IEndpointConventionBuilder MapLockstep(this IEndpointRouteBuilder endpoints)
    {
        RequestPipeline pipeline = endpoints.ServiceProvider.GetRequiredService<RequestPipeline>();
        Draining draining = endpoints.ServiceProvider.GetRequiredService<Draining>();
        endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(draining.Begin);
        return endpoints.Map("/{**path}", pipeline.InvokeAsync);
    }
}
