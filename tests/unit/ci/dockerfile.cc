// Which images a Dockerfile is built from.
#include "ci/executors/dockerfile.h"

#include <catch2/catch_test_macros.hpp>

using quire::ci::images_of_dockerfile;
using Images = std::vector<std::string>;

TEST_CASE("each FROM names an image, but not a stage")
{
    CHECK(images_of_dockerfile("FROM debian:12\nRUN true\n") == Images{"debian:12"});
    CHECK(images_of_dockerfile("# FROM no\n  from a AS Base\nFROM b\nFROM base\nFROM a\n") == Images{"a", "b"});
    CHECK(images_of_dockerfile("FROM --platform=linux/arm64 a@sha256:12 as x\r\nFROM X\r\n") == Images{"a@sha256:12"});
    CHECK(images_of_dockerfile("FROM scratch\nCOPY a /a\n").empty());
    CHECK(images_of_dockerfile("").empty());
    CHECK(images_of_dockerfile("FROM").empty());
    CHECK(images_of_dockerfile("FROM \\\n# a comment\n  a \\\n AS b\nFROM b").size() == 1);
}

TEST_CASE("what is copied or mounted from an image is needed, too")
{
    CHECK(images_of_dockerfile("FROM a AS one\nFROM b\nCOPY --chown=1 --from=c /x /x\nCOPY --from=one /y /y\n"
                               "COPY --from=0 /z /z\nCOPY x --from=d\n") == Images{"a", "b", "c"});
    CHECK(images_of_dockerfile("FROM a\nRUN --mount=type=bind,from=tools:1,target=/t make\n") ==
          Images{"a", "tools:1"});
}

TEST_CASE("variables have the defaults of the lines before the first FROM")
{
    CHECK(images_of_dockerfile("ARG A=1 B=\"x\"\nFROM i:$A-${B}\n") == Images{"i:1-x"});
    CHECK(images_of_dockerfile("ARG A\nFROM i:${A:-2}\n") == Images{"i:2"});
    CHECK(images_of_dockerfile("ARG A\nFROM i:$A\nARG A=3\nFROM j:${A}\n") == Images{"i:$A", "j:${A}"});
    CHECK(images_of_dockerfile("FROM i:${A\n") == Images{"i:${A"});
    CHECK(images_of_dockerfile("FROM i:$\n") == Images{"i:$"});
}

TEST_CASE("a here-document is no instruction")
{
    CHECK(images_of_dockerfile("FROM a\nRUN <<EOF python3\nfrom os import path\nEOF\nFROM b\n") == Images{"a", "b"});
    CHECK(images_of_dockerfile("FROM a\nCOPY <<-'X' <<Y /\nFROM c\n\tX\nFROM d\nY\nFROM b\n") == Images{"a", "b"});
    CHECK(images_of_dockerfile("FROM a\nRUN echo $((1<<2))\nFROM b\n") == Images{"a", "b"});
    CHECK(images_of_dockerfile("FROM a\nRUN <<EOF\nFROM c\n") == Images{"a"});
}

TEST_CASE("a hostile Dockerfile costs little")
{
    std::string doubled = "ARG A=" + std::string(1000, 'a') + "\nFROM ";
    for (int i = 0; i < 200'000; i++)
        doubled += "$A";
    CHECK(images_of_dockerfile(doubled).empty());
    CHECK(images_of_dockerfile("FROM " + std::string(1025, 'a')).empty());
    std::string many;
    for (int i = 0; i < 20'000; i++)
        many += "FROM a" + std::to_string(i) + "\n";
    CHECK(images_of_dockerfile(many).size() == 1000);
}
