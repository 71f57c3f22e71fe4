using Infra.Tests.Bicep;

[assembly: AssemblyFixture(typeof(BicepCli))]
