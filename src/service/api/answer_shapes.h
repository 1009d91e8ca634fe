// The shapes of the API's documents that no endpoint has for itself: what is answered, and small
// bodies. As shape.h says.
#pragma once

#include "service/api/shape.h"

namespace testgen::service {

[[nodiscard]] const Shape& open_shape();  // an object whose members are not promised
[[nodiscard]] const Shape& problem_shape();
[[nodiscard]] const Shape& job_shape();
[[nodiscard]] const Shape& job_list_shape();
[[nodiscard]] const Shape& test_feedback_shape();
[[nodiscard]] const Shape& finding_feedback_shape();
[[nodiscard]] const Shape& feedback_answer_shape();
[[nodiscard]] const Shape& alertmanager_shape();
[[nodiscard]] const Shape& alerts_answer_shape();
[[nodiscard]] const Shape& health_shape();
[[nodiscard]] const Shape& ready_shape();
[[nodiscard]] const Shape& alive_shape();
[[nodiscard]] const Shape& log_level_shape();
[[nodiscard]] const Shape& log_level_change_shape();

}  // namespace testgen::service
