//! The attributes of mini-spring.
