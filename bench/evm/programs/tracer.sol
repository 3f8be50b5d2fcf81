// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// Rays through five mirroring spheres over a floor, in fixed point of 18 digits: structs in memory, internal calls, signed divisions.
contract RayTracer {
    struct Vec {
        int256 x;
        int256 y;
        int256 z;
    }
    struct Sphere {
        Vec centre;
        int256 radius;
        int256 shine;
    }
    struct Hit {
        int256 distance;
        Vec point;
        Vec normal;
        int256 shine;
    }

    int256 private constant ONE = 1e18;
    int256 private constant FAR = 1e30;

    function run() external pure returns (uint256 light) {
        Sphere[] memory spheres = new Sphere[](5);
        for (int256 i = 0; i < 5; ++i) spheres[uint256(i)] = Sphere(Vec((i - 2) * 2 * ONE, (i % 2) * ONE, (6 + i) * ONE), ONE + i * 1e17, 3e17 + i * 1e17);
        for (int256 y = 0; y < 14; ++y) {
            for (int256 x = 0; x < 18; ++x) {
                Vec memory direction = unit(Vec((x - 9) * 1e17, (7 - y) * 1e17, ONE));
                light += uint256(shade(spheres, Vec(0, ONE, -3 * ONE), direction, 3));
            }
        }
    }

    function shade(Sphere[] memory spheres, Vec memory from, Vec memory direction, uint256 bounces) private pure returns (int256) {
        Hit memory hit = nearest(spheres, from, direction);
        if (hit.distance == FAR) return direction.y > 0 ? direction.y / 2 + 3e17 : int256(2e17);
        Vec memory sun = Vec(5e17, 7e17, -5e17);
        int256 lit = dot(hit.normal, sun);
        if (lit < 0) lit = 0;
        if (lit > 0 && nearest(spheres, hit.point, unit(sun)).distance != FAR) lit /= 3;
        if (bounces == 0) return lit;
        Vec memory mirrored = sub(direction, scale(hit.normal, 2 * dot(direction, hit.normal)));
        return times(ONE - hit.shine, lit) + times(hit.shine, shade(spheres, hit.point, unit(mirrored), bounces - 1));
    }

    function nearest(Sphere[] memory spheres, Vec memory from, Vec memory direction) private pure returns (Hit memory hit) {
        hit.distance = FAR;
        for (uint256 i = 0; i < spheres.length; ++i) {
            int256 distance = intersect(spheres[i], from, direction);
            if (distance <= 1e12 || distance >= hit.distance) continue;
            hit.distance = distance;
            hit.point = add(from, scale(direction, distance));
            hit.normal = unit(sub(hit.point, spheres[i].centre));
            hit.shine = spheres[i].shine;
        }
        if (direction.y < 0) {
            int256 floor_distance = -((from.y + ONE) * ONE) / direction.y;
            if (floor_distance > 1e12 && floor_distance < hit.distance) {
                hit.distance = floor_distance;
                hit.point = add(from, scale(direction, floor_distance));
                hit.normal = Vec(0, ONE, 0);
                hit.shine = (hit.point.x / ONE + hit.point.z / ONE) % 2 == 0 ? int256(5e17) : int256(1e17);
            }
        }
    }

    function intersect(Sphere memory sphere, Vec memory from, Vec memory direction) private pure returns (int256) {
        Vec memory away = sub(from, sphere.centre);
        int256 b = dot(away, direction);
        int256 discriminant = times(b, b) - dot(away, away) + times(sphere.radius, sphere.radius);
        if (discriminant < 0) return 0;
        return -b - root(discriminant);
    }

    function times(int256 a, int256 b) private pure returns (int256) {
        return (a * b) / ONE;
    }

    function dot(Vec memory a, Vec memory b) private pure returns (int256) {
        return (a.x * b.x + a.y * b.y + a.z * b.z) / ONE;
    }

    function add(Vec memory a, Vec memory b) private pure returns (Vec memory) {
        return Vec(a.x + b.x, a.y + b.y, a.z + b.z);
    }

    function sub(Vec memory a, Vec memory b) private pure returns (Vec memory) {
        return Vec(a.x - b.x, a.y - b.y, a.z - b.z);
    }

    function scale(Vec memory a, int256 by) private pure returns (Vec memory) {
        return Vec(times(a.x, by), times(a.y, by), times(a.z, by));
    }

    function unit(Vec memory a) private pure returns (Vec memory) {
        int256 length = root(dot(a, a));
        return Vec((a.x * ONE) / length, (a.y * ONE) / length, (a.z * ONE) / length);
    }

    function root(int256 x) private pure returns (int256 y) {
        if (x <= 0) return 1;
        int256 scaled = x * ONE;
        y = scaled;
        int256 z = (x + ONE) / 2;
        while (z < y) {
            y = z;
            z = (scaled / z + z) / 2;
        }
    }
}
