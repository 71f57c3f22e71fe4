global using System.Text.Json;
global using System.Text.Json.Nodes;
global using Testing;
global using Xunit;
